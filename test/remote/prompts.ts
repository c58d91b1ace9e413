import type { RemotePrompts } from '../../src/remote/prompts';

/** Prompts that fail a test when they are asked, except for those given. */
export function prompts(answers: Partial<RemotePrompts> = {}): RemotePrompts {
  const unexpected = (what: string) => () => Promise.reject(new Error(`unexpected question: ${what}`));
  return {
    hostKey: unexpected('host key'),
    password: unexpected('password'),
    passphrase: unexpected('passphrase'),
    keyboardInteractive: unexpected('keyboard-interactive'),
    ...answers,
  };
}
