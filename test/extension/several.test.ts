import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { UploadReport } from '../../src/deploy/upload';
import type { Order } from '../../src/extension/targets/sending';

const shown = vi.hoisted(() => ({
  /** `kind message [button, ...]` of all that a person saw, in order; progresses by their titles. */
  seen: [] as string[],
  /** The buttons that are pressed, in order. */
  answers: [] as string[],
}));

vi.mock('vscode', () => {
  const message =
    (kind: string) =>
    (text: string, ...rest: (string | { detail: string })[]) => {
      const modal = rest.find((one) => typeof one === 'object');
      const buttons = rest.filter((one) => typeof one === 'string');
      shown.seen.push([kind, text, modal?.detail, `[${buttons.join(', ')}]`].filter(Boolean).join(' '));
      const answer = shown.answers[0];
      return Promise.resolve(buttons.includes(answer ?? '') ? shown.answers.shift() : undefined);
    };
  return {
    window: {
      showErrorMessage: message('error'),
      showWarningMessage: message('warning'),
      showInformationMessage: message('info'),
      showQuickPick: (items: { label: string }[]) => {
        shown.seen.push(`pick ${items.map(({ label }) => label).join(', ')}`);
        return Promise.resolve(items.at(-1));
      },
      withProgress: (
        { title }: { title: string },
        work: (progress: unknown, token: unknown) => Promise<unknown>,
      ) => {
        shown.seen.push(`progress ${title}`);
        return work({ report: () => undefined }, { onCancellationRequested: () => undefined });
      },
    },
    l10n: {
      t: (text: string, ...values: unknown[]) =>
        text.replaceAll(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)])),
    },
    CancellationError: class extends Error {},
    ProgressLocation: { Notification: 15 },
  };
});

// No test here waits until a message would be seen.
vi.mock('../../src/extension/notifications', async () => (await import('vscode')).window);

const { CancellationError } = await import('vscode');
const { SeveralTargets } = await import('../../src/extension/targets/several');

const NAMES = ['live', 'test', 'old', 'copy'];
const orders = NAMES.map((name) => ({ target: { name } }) as Order);
const report = (more: Partial<UploadReport> = {}) =>
  ({ created: ['a'], changed: [], modes: [], deleted: [], kept: 2, conflicts: [], ...more }) as UploadReport;

interface Ways {
  plan?: (name: string) => UploadReport;
  send?: (name: string) => UploadReport;
  prove?: (name: string) => string;
}

/** Uploads to all of them; gives what went on besides what was shown. */
async function upload({ plan = () => report(), send = () => report(), prove }: Ways): Promise<string[]> {
  const done: string[] = [];
  const several = new SeveralTargets({
    log: { error: () => undefined } as never,
    commands: { failed: (error: Error) => void done.push(`failed ${error.message}`) } as never,
    reloads: {
      prove: async ({ target }: Order) => (done.push(`reload ${target.name}`), prove?.(target.name) ?? ''),
    } as never,
    single: {
      plan: async ({ target }) => plan(target.name),
      send: async ({ target }) => {
        done.push(`send ${target.name}`);
        return { report: send(target.name), ...(prove && { before: {} }) };
      },
      again: () => Promise.resolve(),
      tellConflicts: (_, { target }) => void done.push(`conflicts ${target.name}`),
    },
  });
  await several.upload(orders);
  await new Promise((resolve) => setTimeout(resolve, 5));
  return done;
}

function failing<Result>(names: readonly string[], result: Result, error = new Error('No answer.')) {
  return (name: string): Result => {
    if (names.includes(name)) throw error;
    return result;
  };
}

describe('an upload to several targets', () => {
  beforeEach(() => {
    shown.seen.length = 0;
    shown.answers = ['Upload'];
  });

  const last = () => shown.seen.at(-1);

  it('has one progress, one question and one message, and reloads all of them by a button', async () => {
    shown.answers.push('Reload');
    const done = await upload({});
    const counts = NAMES.map((name) => `${name}: 1 sent, 2 unchanged`);
    expect(shown.seen).toEqual([
      'progress Comparing with 4 targets',
      `warning Upload to 4 targets? ${counts.join('\n')} [Upload]`,
      'progress Uploading to 4 targets',
      `info Uploaded to 4 targets. ${counts.join('. ')}. [Reload]`,
      'progress Reloading 4 targets',
      'info Reloaded 4 targets. live: reloaded. test: reloaded. old: reloaded. copy: reloaded. []',
    ]);
    expect(done).toEqual([...NAMES.map((name) => `send ${name}`), ...NAMES.map((name) => `reload ${name}`)]);
  });

  it('sends nothing where it is not wanted', async () => {
    shown.answers = [];
    expect(await upload({})).toEqual([]);
  });

  it('reloads what was sent in the same progress', async () => {
    const done = await upload({ prove: failing(['old'], 'fine', new Error('old does not answer.')) });
    expect(done).toHaveLength(8);
    expect(last()).toBe(
      'error Uploaded to 3 of 4 targets and reloaded. live: 1 sent, 2 unchanged, reloaded. test: 1 sent, 2 unchanged, reloaded. ' +
        'old: 1 sent, 2 unchanged, old does not answer. copy: 1 sent, 2 unchanged, reloaded. [Details...]',
    );
  });

  it('goes on without a target that cannot be compared, and tells it at the end', async () => {
    shown.answers.push('Details...');
    const done = await upload({ plan: failing(['test'], report()) });
    expect(shown.seen[1]).toMatch(/^warning Upload to 3 of 4 targets\? .*\ntest: No answer\.\n/s);
    expect(last()).toMatch(/^error Uploaded to 3 of 4 targets\. .* test: No answer\. \[Details\.\.\.\]$/);
    expect(done.slice(3)).toEqual(['failed No answer.']);
  });

  it('is short where several fail, and shows each by itself', async () => {
    shown.answers.push('Details...');
    const done = await upload({ send: failing(['test', 'copy'], report()) });
    expect(shown.seen.slice(-2)).toEqual([
      'error Uploaded to 2 of 4 targets. live: 1 sent, 2 unchanged. test: failed. old: 1 sent, 2 unchanged. copy: failed. [Details...]',
      'pick test, copy',
    ]);
    expect(done.at(-1)).toBe('failed No answer.');
  });

  it('leads to what was left alone', async () => {
    shown.answers.push('Details...');
    const conflicts = [{ path: 'a', reason: 'changed' }] as never;
    const done = await upload({ send: (name) => (name === 'old' ? report({ conflicts }) : report()) });
    expect(last()).toContain('warning Uploaded to 4 targets.');
    expect(last()).toContain('old: 1 sent, 2 unchanged, 1 left alone.');
    expect(done.at(-1)).toBe('conflicts old');
  });

  it('says nothing where all of it was stopped, and asks nothing where none can be compared', async () => {
    const stopped = new CancellationError();
    await upload({ send: failing(NAMES, report(), stopped) });
    expect(last()).toBe('progress Uploading to 4 targets');
    await upload({ plan: failing(['test'], report(), stopped) });
    expect(last()).toBe('progress Comparing with 4 targets');
    const done = await upload({ plan: failing(NAMES, report()) });
    expect(last()).toMatch(/^error Uploaded to 0 of 4 targets\. live: failed/);
    expect(done).toEqual([]);
  });
});
