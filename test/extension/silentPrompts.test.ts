import { expect, it } from 'vitest';
import { SilentPrompts } from '../../src/extension/targets/silentPrompts';

const account = { user: 'me', host: 'example.test', port: 22 };
const newPrompts = (): SilentPrompts =>
  new SilentPrompts({
    recallPassword: ({ user }) => Promise.resolve(`password of ${user}`),
    recallPassphrase: (file) => Promise.resolve(`passphrase of ${file}`),
  });

it('answers from what was kept', async () => {
  const prompts = newPrompts();
  expect(await prompts.recallPassword(account)).toBe('password of me');
  expect(await prompts.recallPassphrase('/key')).toBe('passphrase of /key');
  expect(prompts.wouldAsk).toBe(false);
});

it.each([
  ['hostKey', 'refuse'],
  ['password', undefined],
  ['passphrase', undefined],
  ['keyboardInteractive', undefined],
] as const)('gives up a login that needs an answer to %s, and says so', async (question, answer) => {
  const prompts = newPrompts();
  expect(await prompts[question]()).toBe(answer);
  expect(prompts.wouldAsk).toBe(true);
});
