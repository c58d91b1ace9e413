import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { RemoteError, textOf } from './errors';
import { readSshConfig, type SshSettings } from './sshConfigFile';
import type { ResolvedTarget, SshTarget } from './target';

export interface ResolveOptions {
  /** True allows `ssh -G`, which is exact but runs the commands of `Match exec`: only in a trusted workspace. */
  readonly trusted?: boolean;
}

const run = promisify(execFile);
const maxJumps = 8;

/** Everything about a target: what it says itself, then ~/.ssh/config, then OpenSSH's defaults. Throws RemoteError 'configuration'. */
export async function resolveTarget(
  target: SshTarget | string,
  options: ResolveOptions = {},
  depth = 0,
): Promise<ResolvedTarget> {
  const own = typeof target === 'string' ? parseDestination(target) : target;
  if (depth > maxJumps) {
    throw new RemoteError(
      'configuration',
      `${own.host} is reached through more than ${maxJumps} jump hosts: ProxyJump goes in a circle.`,
    );
  }
  const settings = await settingsOf(own, options);
  if (settings.get('proxycommand') && !settings.get('proxyjump') && !own.proxyJump)
    rejectProxyCommand(own, settings);
  const resolved = merge(own, settings);
  const jumps = own.proxyJump ?? jumpsOf(settings, own);
  return { ...resolved, jumps: await resolveJumps(jumps, options, depth) };
}

async function resolveJumps(
  jumps: readonly (SshTarget | string)[],
  options: ResolveOptions,
  depth: number,
): Promise<ResolvedTarget[]> {
  const chain: ResolvedTarget[] = [];
  for (const jump of jumps) {
    const resolved = await resolveTarget(jump, options, depth + 1);
    // As `ssh -J a,b`: only the first jump may bring jumps of its own, the others are reached through the one before.
    chain.push(...(chain.length === 0 ? resolved.jumps : []), { ...resolved, jumps: [] });
  }
  return chain;
}

/** `alias`, `user@host`, `user@host:port`, `ssh://user@host:port`, `[::1]:22`. */
export function parseDestination(text: string): SshTarget {
  const match = /^(?:ssh:\/\/)?(?:([^@]*)@)?(?:\[([^\]]+)\]|([^:@]+|[^@]*:[^@]*:[^@]*))(?::(\d+))?\/?$/.exec(
    text.trim(),
  );
  const host = match?.[2] ?? match?.[3];
  if (!match || !host || host.startsWith('-')) {
    throw new RemoteError(
      'configuration',
      `"${text}" does not name a server. Write an alias of ~/.ssh/config or user@host:port.`,
    );
  }
  return {
    host,
    ...(match[1] ? { user: match[1] } : {}),
    ...(match[4] ? { port: Number(match[4]) } : {}),
  };
}

async function settingsOf(target: SshTarget, options: ResolveOptions): Promise<SshSettings> {
  if (target.configFile === 'none') return new Map();
  const file = target.configFile ?? join(homedir(), '.ssh', 'config');
  if (options.trusted) {
    const exact = await askOpenSsh(target, file).catch(() => undefined);
    if (exact) return exact;
  }
  try {
    return await readSshConfig(file, { host: target.host, user: target.user ?? userInfo().username });
  } catch (error) {
    throw new RemoteError('configuration', `The SSH configuration ${file} cannot be read: ${textOf(error)}`, {
      cause: error,
    });
  }
}

/** `ssh -G`: prints the settings of a host, one `key value` per line, without connecting (ssh(1)). */
async function askOpenSsh(target: SshTarget, file: string): Promise<SshSettings | undefined> {
  if (target.host.startsWith('-')) return undefined;
  const config = target.configFile && existsSync(file) ? ['-F', file] : [];
  const user = target.user === undefined ? [] : ['-l', target.user];
  const port = target.port === undefined ? [] : ['-p', String(target.port)];
  const { stdout } = await run('ssh', ['-G', ...config, ...user, ...port, '--', target.host], {
    timeout: 10_000,
  });
  const settings = new Map<string, string[]>();
  for (const line of stdout.split(/\r?\n/)) {
    const space = line.indexOf(' ');
    if (space < 0) continue;
    const key = line.slice(0, space).toLowerCase();
    settings.set(key, [...(settings.get(key) ?? []), line.slice(space + 1)]);
  }
  return settings;
}

function rejectProxyCommand(target: SshTarget, settings: SshSettings): void {
  if (settings.get('proxycommand')?.[0]?.toLowerCase() === 'none') return;
  throw new RemoteError(
    'configuration',
    `${target.host} is configured with ProxyCommand, which is not supported. Use ProxyJump in ~/.ssh/config instead.`,
  );
}

function merge(own: SshTarget, settings: SshSettings): Omit<ResolvedTarget, 'jumps'> {
  const first = (key: string) => settings.get(key)?.[0];
  const port = own.port ?? Number(first('port') ?? 22);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new RemoteError('configuration', `The port of ${own.host} is not a number from 1 to 65535.`);
  }
  const user = own.user ?? first('user') ?? userInfo().username;
  const host = (first('hostname') ?? own.host).replaceAll('%h', own.host).replaceAll('%%', '%');
  const expand = (path: string) => expandPath(path, { host, user, port, name: own.host });
  return {
    name: own.host,
    host,
    port,
    user,
    identityFiles: identityFilesOf(own, settings).map(expand),
    identitiesOnly: first('identitiesonly')?.toLowerCase() === 'yes',
    agent: agentOf(own, settings, expand),
    knownHostsFiles: (own.knownHostsFiles ?? userKnownHostsOf(settings)).map(expand),
    globalKnownHostsFiles: own.knownHostsFiles ? [] : globalKnownHostsOf(settings),
    hostKeyAlias: first('hostkeyalias'),
    unknownHostKeys: strictness(first('stricthostkeychecking')),
  };
}

function strictness(value: string | undefined): 'ask' | 'strict' {
  return value?.toLowerCase() === 'yes' || value?.toLowerCase() === 'true' ? 'strict' : 'ask';
}

/** FIDO keys (`_sk`) need hardware that ssh2 cannot talk to; they work through the agent of no version either. */
const defaultIdentityFiles = ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa'];

function identityFilesOf(own: SshTarget, settings: SshSettings): string[] {
  const configured = (settings.get('identityfile') ?? []).filter((file) => file.toLowerCase() !== 'none');
  const files = settings.has('identityfile') ? configured : defaultIdentityFiles;
  return [...new Set([...(own.identityFile === undefined ? [] : [own.identityFile]), ...files])];
}

const windowsAgent = '\\\\.\\pipe\\openssh-ssh-agent';

function agentOf(
  own: SshTarget,
  settings: SshSettings,
  expand: (path: string) => string,
): string | undefined {
  const chosen = own.agent ?? settings.get('identityagent')?.[0];
  if (chosen?.toLowerCase() === 'none') return undefined;
  if (chosen !== undefined && chosen !== 'SSH_AUTH_SOCK') {
    return chosen.startsWith('$') ? process.env[chosen.replace(/^\$\{?|\}$/g, '')] : expand(chosen);
  }
  return process.env['SSH_AUTH_SOCK'] ?? (process.platform === 'win32' ? windowsAgent : undefined);
}

function userKnownHostsOf(settings: SshSettings): string[] {
  const files = words(settings.get('userknownhostsfile')) ?? ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'];
  return files.filter((file) => file.toLowerCase() !== 'none');
}

function globalKnownHostsOf(settings: SshSettings): string[] {
  const files = words(settings.get('globalknownhostsfile')) ?? [
    '/etc/ssh/ssh_known_hosts',
    '/etc/ssh/ssh_known_hosts2',
  ];
  return files.filter((file) => file.toLowerCase() !== 'none');
}

/** Values that are lists come as several values or as one value with blanks (`ssh -G`). */
function words(values: readonly string[] | undefined): string[] | undefined {
  if (!values || values.length === 0) return undefined;
  return values.length > 1 ? [...values] : (values[0] ?? '').split(/\s+/).filter((word) => word !== '');
}

function jumpsOf(settings: SshSettings, own: SshTarget): (SshTarget | string)[] {
  const value = settings.get('proxyjump')?.[0];
  if (!value || value.toLowerCase() === 'none') return [];
  return value.split(',').map((jump) => ({
    ...parseDestination(jump),
    ...(own.configFile === undefined ? {} : { configFile: own.configFile }),
    ...(own.knownHostsFiles === undefined ? {} : { knownHostsFiles: own.knownHostsFiles }),
    ...(own.agent === undefined ? {} : { agent: own.agent }),
  }));
}

/** ssh_config(5), "TOKENS": %% %d %h %n %p %r %u (and %L %l, %i, which no shared example uses, stay as they are). */
function expandPath(path: string, of: { host: string; user: string; port: number; name: string }): string {
  const tokens: Record<string, string> = {
    '%': '%',
    d: homedir(),
    h: of.host,
    n: of.name,
    p: String(of.port),
    r: of.user,
    u: userInfo().username,
  };
  const home = path
    .replace(/^~(?=$|[/\\])/, () => homedir())
    .replace(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? '');
  const full = home.replace(/%([%dhnpru])/g, (token, letter: string) => tokens[letter] ?? token);
  return isAbsolute(full) || full.startsWith('\\\\') ? full : join(homedir(), '.ssh', full);
}
