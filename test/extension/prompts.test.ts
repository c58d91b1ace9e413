import { describe, expect, it, vi } from 'vitest';

interface Token {
  isCancellationRequested: boolean;
}
const shown = vi.hoisted(() => ({ token: undefined as Token | undefined }));

vi.mock('vscode', () => ({
  CancellationTokenSource: class {
    readonly token: Token = { isCancellationRequested: false };
    cancel = () => void (this.token.isCancellationRequested = true);
  },
  window: {
    /** As VS Code's: the box is open until it is answered or its token is cancelled. */
    showInputBox: (_: unknown, token: Token | undefined) =>
      new Promise((resolve) => {
        shown.token = token;
        const look = setInterval(() => {
          if (token?.isCancellationRequested !== true) return;
          clearInterval(look);
          resolve(undefined);
        }, 5);
      }),
  },
  l10n: { t: (text: string) => text },
}));

const { LoginPrompts } = await import('../../src/extension/targets/prompts');
const account = { user: 'me', host: 'example.test', port: 22, rejected: false };

describe('the box for a password', () => {
  it('closes when the login is given up', async () => {
    const abort = new AbortController();
    const answer = new LoginPrompts({} as never).password({ ...account, signal: abort.signal });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(shown.token).toEqual({ isCancellationRequested: false });
    abort.abort();
    expect(await answer).toBeUndefined();
  });

  it('does not stay for a login that was given up before', async () => {
    const answer = new LoginPrompts({} as never).password({ ...account, signal: AbortSignal.abort() });
    expect(await answer).toBeUndefined();
  });

  it('waits for its turn, as a box that opens would close the one before it', async () => {
    const prompts = new LoginPrompts({} as never);
    const [first, second] = [new AbortController(), new AbortController()];
    const before = prompts.password({ ...account, signal: first.signal });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { token } = shown;
    const behind = prompts.password({ ...account, signal: second.signal });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(shown.token).toBe(token);
    first.abort();
    expect(await before).toBeUndefined();
    await expect.poll(() => shown.token).not.toBe(token);
    second.abort();
    expect(await behind).toBeUndefined();
  });
});
