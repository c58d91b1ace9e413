import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const shown = vi.hoisted(() => ({ seen: [] as string[], began: 0 }));

vi.mock('vscode', () => {
  const told = async (text: string): Promise<string> => {
    shown.seen.push(`${Math.round(performance.now()) - shown.began} ${text}`);
    return `answer to ${text}`;
  };
  const withProgress = ({ title }: { title: string }, work: () => unknown) => {
    void told(title);
    return work();
  };
  return {
    window: { showErrorMessage: told, showWarningMessage: told, showInformationMessage: told, withProgress },
    ProgressLocation: { Notification: 15, Window: 10 },
  };
});

const { ProgressLocation } = await import('vscode');
const { showErrorMessage, showInformationMessage, showWarningMessage, withProgress } =
  await import('../../src/extension/notifications');

const progress = (title: string, location = ProgressLocation.Notification) =>
  withProgress({ title, location }, async () => undefined);

beforeAll(() => {
  vi.useFakeTimers();
});

beforeEach(() => {
  // What an earlier test has shown is long ago.
  vi.advanceTimersByTime(10_000);
  shown.seen = [];
  shown.began = Math.round(performance.now());
});

afterAll(() => {
  vi.useRealTimers();
});

/** VS Code shows three notifications in 0.8 s. */
describe('notifications', () => {
  it('come at once, three of them', async () => {
    await Promise.all([showErrorMessage('a'), showWarningMessage('b'), showInformationMessage('c')]);
    expect(shown.seen).toEqual(['0 a', '0 b', '0 c']);
  });

  it('come later where they would not be seen, in their order, and are answered then', async () => {
    void progress('uploading');
    void progress('reloading');
    void showInformationMessage('question');
    const verdict = showErrorMessage('verdict');
    await vi.advanceTimersByTimeAsync(300);
    const more = showInformationMessage('more');
    await vi.advanceTimersByTimeAsync(2000);
    expect(shown.seen).toEqual(['0 uploading', '0 reloading', '0 question', '1000 verdict', '1000 more']);
    expect(await Promise.all([verdict, more])).toEqual(['answer to verdict', 'answer to more']);
  });

  it('wait for nothing once the others are long enough ago', async () => {
    for (const text of ['a', 'b', 'c', 'd', 'e']) {
      await showInformationMessage(text);
      await vi.advanceTimersByTimeAsync(400);
    }
    expect(shown.seen).toEqual(['0 a', '400 b', '800 c', '1200 d', '1600 e']);
  });

  it('do not count dialogs and what the status bar shows', async () => {
    for (const text of ['a', 'b', 'c']) await showWarningMessage(text, { modal: true }, 'Yes');
    for (const text of ['d', 'e', 'f']) await progress(text, ProgressLocation.Window);
    for (const text of ['g', 'h', 'i']) await showInformationMessage(text);
    await showWarningMessage('j', { modal: true, detail: 'x' });
    expect(shown.seen.at(-1)).toBe('0 j');
  });

  it('hold up no work for its progress', async () => {
    for (const text of ['a', 'b', 'c', 'd']) await progress(text);
    expect(shown.seen.at(-1)).toBe('0 d');
  });
});
