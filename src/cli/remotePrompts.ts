import type { Account, HostKeyQuestion, RemotePrompts } from '../remote/prompts';
import { harmless } from './colours';
import type { Terminal } from './terminal';

/**
 * Asks on the terminal what a connection wants to know. Secrets are typed without echo and kept nowhere; without
 * a terminal nothing is asked and nothing is trusted.
 */
export function terminalPrompts(terminal: Terminal): RemotePrompts {
  const secret = (question: string, signal: AbortSignal | undefined): Promise<string | undefined> => {
    if (terminal.interactive) return terminal.ask(question, { hidden: true, signal });
    terminal.err(
      `${question.replace(/: $/, '')} is wanted, and there is no terminal to ask on. Use a key or an agent.\n`,
    );
    return Promise.resolve(undefined);
  };
  return {
    hostKey: (question) => askHostKey(question, terminal),
    password: (question) =>
      secret(`${again(question.rejected)}Password of ${accountOf(question)}: `, question.signal),
    passphrase: ({ keyFile, rejected, signal }) =>
      secret(`${again(rejected)}Passphrase of ${keyFile}: `, signal),
    async keyboardInteractive({ name, instructions, prompts, rejected, signal }) {
      if (rejected) terminal.err('The server did not accept that. Once more:\n');
      for (const line of [name, instructions]) if (line !== '') terminal.err(`${harmless(line)}\n`);
      const answers: string[] = [];
      for (const { prompt, echo } of prompts) {
        const answer =
          echo && terminal.interactive
            ? await terminal.ask(harmless(prompt), { signal })
            : await secret(harmless(prompt), signal);
        if (answer === undefined) return undefined;
        answers.push(answer);
      }
      return answers;
    },
  };
}

function again(rejected: boolean): string {
  return rejected ? 'Not accepted. ' : '';
}

function accountOf({ user, host, port }: Account): string {
  return `${user}@${host}${port === 22 ? '' : `:${port}`}`;
}

async function askHostKey(
  question: HostKeyQuestion,
  terminal: Terminal,
): Promise<'save' | 'once' | 'refuse'> {
  const { host, port, keyType, fingerprint, picture, signal } = question;
  terminal.err(
    `The key of the server ${host}${port === 22 ? '' : `:${port}`} is not known yet:\n  ${keyType} ${fingerprint}\n${picture}\n` +
      'Compare it with what the host publishes, over another way than this connection.\n',
  );
  if (!terminal.interactive) return 'refuse';
  const answer = await terminal.ask('Trust this key? yes (and remember it), once, or no: ', { signal });
  const word = answer?.trim().toLowerCase();
  if (word === 'yes') return 'save';
  return word === 'once' ? 'once' : 'refuse';
}
