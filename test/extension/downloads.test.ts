import { expect, it, vi } from 'vitest';

vi.mock('vscode', () => ({
  workspace: { isTrusted: true },
  window: {
    // A file that is open here is not meant: it is downloaded by its own menu.
    activeTextEditor: { document: { uri: { scheme: 'file', path: '/site/app.py', fsPath: '/site/app.py' } } },
    withProgress: async ({ title }: { title: string }) => {
      throw new Error(title);
    },
  },
  ProgressLocation: {},
  l10n: {
    t: (text: string, ...values: string[]) =>
      text.replaceAll(/\{(\d)\}/g, (_, at: string) => values[Number(at)] ?? ''),
  },
}));

const { registerDownloads } = await import('../../src/extension/targets/downloads');

/** What is asked for, and what is then downloaded, by the command of the palette. */
async function downloaded(need: () => Promise<unknown>): Promise<unknown> {
  let run: () => unknown = () => undefined;
  registerDownloads({
    commands: { register: (_: string, handler: () => unknown) => (run = handler) },
    chosen: { current: () => undefined, need },
    documents: { placeOf: () => undefined },
  } as never);
  return Promise.resolve(run()).catch((error: unknown) => (error as Error).message);
}

it('downloads the whole site without a file, after a question where no target has been chosen', async () => {
  const one = {
    folder: { uri: { fsPath: '/site' } },
    project: { documentRoot: '.' },
    target: { name: 'two' },
  };
  expect(await downloaded(async () => one)).toBe('Downloading the whole site from two');
});

it('says what is missing where no target is described', async () => {
  const none = async () => Promise.reject(new Error('No server is described yet.'));
  expect(await downloaded(none)).toBe('No server is described yet.');
});
