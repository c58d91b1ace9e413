import { createHash } from 'node:crypto';
import { homedir, hostname, userInfo } from 'node:os';

/** What the tokens of an SSH configuration stand for. */
export interface TokenValues {
  /** The server's name after HostName. */
  readonly host: string;
  readonly user: string;
  readonly port: number;
  /** The name as the person wrote it. */
  readonly name: string;
}

/** Replaces the tokens `%% %C %d %h %i %L %l %n %p %r %u` (ssh_config(5), "TOKENS"); others stay as they are. */
export function expandTokens(text: string, { host, user, port, name }: TokenValues): string {
  const local = hostname();
  const tokens: Record<string, () => string> = {
    '%': () => '%',
    C: () => createHash('sha1').update(`${local}${host}${port}${user}`).digest('hex'),
    d: homedir,
    h: () => host,
    i: () => String(userInfo().uid),
    L: () => local.replace(/\..*$/s, ''),
    l: () => local,
    n: () => name,
    p: () => String(port),
    r: () => user,
    u: () => userInfo().username,
  };
  return text.replace(/%([%CdhiLlnpru])/g, (token, letter: string) => tokens[letter]?.() ?? token);
}
