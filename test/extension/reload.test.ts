import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { FolderTarget } from '../../src/extension/targets/chosenTarget';

vi.mock('vscode', () => ({
  commands: { registerCommand: () => ({ dispose: () => undefined }) },
  window: {
    withProgress: (_: unknown, work: (progress: unknown, token: unknown) => Promise<unknown>) =>
      work({ report: () => undefined }, { onCancellationRequested: () => undefined }),
  },
  l10n: { t: (text: string) => text },
  ProgressLocation: { Notification: 15 },
  CancellationError: class extends Error {},
}));

const { Commands } = await import('../../src/extension/commands');
const { ReloadFeature } = await import('../../src/extension/targets/reload');

/** A folder with a dispatcher, and a feature whose reloads end as the server says. */
function reloadsOf(use: (target: { name: string }) => Promise<unknown>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'fastcgi-reload-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'dispatch.fcgi'), '#!/bin/sh\n');
  const reported: { title: string; run(): unknown }[][] = [];
  const report = (_: unknown, waysOut: { title: string; run(): unknown }[]) => {
    reported.push(waysOut);
    return new Promise<void>(() => undefined);
  };
  const reloads = new ReloadFeature({
    log: { info: () => undefined },
    commands: new Commands({ report } as never),
    chosen: { need: () => Promise.reject(new Error('The chosen target is asked for')) },
    item: { busy: (_: unknown, work: () => Promise<unknown>) => work() },
    sessions: { use },
  } as never);
  const one = {
    folder: { uri: { scheme: 'file', fsPath: folder } },
    project: { documentRoot: '.' },
    target: { name: 'test', reload: 'auto', path: '/site' },
  } as unknown as FolderTarget;
  return { reloads, one, reported };
}

test('where an upload was taken back, an upload is offered again, and not another reload of the old program', async () => {
  const report = { evidence: 'failing', status: 500 };
  const { reloads, one, reported } = reloadsOf(() => Promise.resolve({ report, takenBack: {} }));
  const done: string[] = [];
  await reloads.after(one, { worked: true, deploy: '1', uploadAgain: () => done.push('uploaded') });
  expect(reported[0]?.map(({ title }) => title)).toEqual(['Upload Again']);
  await reported[0]?.[0]?.run();
  expect(done).toEqual(['uploaded']);
});

test('a reload after an upload goes to where the upload went, whichever target is chosen, and so does Retry', async () => {
  const asked: string[] = [];
  const { reloads, one, reported } = reloadsOf(({ name }) => {
    asked.push(name);
    return Promise.reject(new Error('No answer'));
  });
  // It ends although nobody answers the message.
  await reloads.after(one, { worked: true, deploy: '1' });
  expect(asked).toEqual(['test']);
  const retry = reported[0]?.find(({ title }) => title === 'Retry');
  await retry?.run();
  expect(asked).toEqual(['test', 'test']);
});
