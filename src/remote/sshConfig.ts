import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, RemoteError, textOf } from './errors';
import { WINDOWS_AGENT } from './identities';
import { expandTokens } from './sshTokens';
import { hostName, isNone, readSshConfig, type ConfigFile, type SshSettings } from './sshConfigFile';
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
  const resolved = merge(own, settings);
  const jumps = await resolveJumps(own.proxyJump ?? jumpsOf(settings, own), options, depth);
  return jumps.length > 0 ? { ...resolved, proxyCommand: undefined, jumps } : { ...resolved, jumps };
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
  const own = await ownReading(target);
  const exact = options.trusted ? await askOpenSsh(target) : undefined;
  return exact ? withListsOf(own, exact) : own;
}

async function ownReading(target: SshTarget): Promise<SshSettings> {
  const files = configFilesOf(target);
  try {
    return await readSshConfig(files, {
      host: target.host,
      ...(target.user === undefined ? {} : { user: target.user }),
    });
  } catch (error) {
    const names = files.map((file) => file.path).join(', ');
    throw new RemoteError(
      'configuration',
      `The SSH configuration (${names}) cannot be read: ${textOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** The files that `ssh` reads, in its order: the user's, then the system's; a named one stands alone. */
function configFilesOf(target: SshTarget): ConfigFile[] {
  const folder = join(homedir(), '.ssh');
  if (target.configFile !== undefined) return [{ path: target.configFile, includes: folder }];
  const system =
    process.platform === 'win32'
      ? join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'ssh', 'ssh_config')
      : '/etc/ssh/ssh_config';
  return [
    { path: join(folder, 'config'), includes: folder },
    { path: system, includes: dirname(system) },
  ];
}

/**
 * `ssh -G`: prints the settings of a host, one `key value` per line, without connecting (ssh(1)). Undefined where there is no ssh.
 * Throws RemoteError 'configuration' with ssh's own words where it refuses the configuration: ssh would not connect either.
 */
async function askOpenSsh(target: SshTarget): Promise<SshSettings | undefined> {
  if (target.host.startsWith('-')) return undefined;
  const file = target.configFile;
  const config = file !== undefined && existsSync(file) ? ['-F', file] : [];
  const user = target.user === undefined ? [] : ['-l', target.user];
  const port = target.port === undefined ? [] : ['-p', String(target.port)];
  try {
    const args = ['-G', ...config, ...user, ...port, '--', target.host];
    return settingsIn((await run('ssh', args, { timeout: 10_000 })).stdout);
  } catch (error) {
    const said = stderrOf(error);
    if (codeOf(error) !== 255 || said === '') return undefined;
    throw new RemoteError(
      'configuration',
      `ssh does not take its configuration for ${target.host}: ${said}`,
      {
        cause: error,
      },
    );
  }
}

function stderrOf(error: unknown): string {
  const said = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : '';
  const lines = said.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('Pseudo-terminal'));
  return lines.join(' ');
}

function settingsIn(printed: string): SshSettings {
  const settings: SshSettings = new Map();
  for (const line of printed.split(/\r?\n/)) {
    const space = line.indexOf(' ');
    if (space < 0) continue;
    const key = line.slice(0, space).toLowerCase();
    settings.set(key, [...(settings.get(key) ?? []), line.slice(space + 1)]);
  }
  // Of all tokens only this setting's are replaced already.
  const host = settings.get('hostname')?.[0];
  if (host !== undefined) settings.set('hostname', [host.replaceAll('%', '%%')]);
  return settings;
}

const fileLists = ['userknownhostsfile', 'globalknownhostsfile'];

/** `ssh -G` prints lists of files without quotes. Where our own reading is the same text, it tells where a name with blanks ends. */
function withListsOf(own: SshSettings, exact: SshSettings): SshSettings {
  for (const key of fileLists) {
    const printed = exact.get(key)?.[0] ?? '';
    const files = own.get(key) ?? defaultLists[key] ?? [];
    const same = [files, files.map(expandHome)].some((list) => list.join(' ') === printed);
    exact.set(key, same ? [...files] : printed.split(/\s+/).filter((word) => word !== ''));
  }
  return exact;
}

const defaultLists: Readonly<Record<string, readonly string[]>> = {
  userknownhostsfile: ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'],
  globalknownhostsfile: ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
};

function merge(own: SshTarget, settings: SshSettings): Omit<ResolvedTarget, 'jumps'> {
  const first = (key: string) => settings.get(key)?.[0];
  const port = own.port ?? Number(first('port') ?? 22);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new RemoteError('configuration', `The port of ${own.host} is not a number from 1 to 65535.`);
  }
  const user = own.user ?? first('user') ?? userInfo().username;
  const host = hostName(settings, own.host);
  const of = { host, user, port, name: own.host };
  const expand = (path: string) => expandPath(path, of);
  const command = first('proxycommand');
  return {
    name: own.host,
    host,
    port,
    user,
    identityFiles: identityFilesOf(own, settings).map(expand),
    identitiesOnly: isYes(first('identitiesonly')),
    agent: agentOf(own, settings, expand),
    knownHostsFiles: (own.knownHostsFiles ?? filesOf(settings, 'userknownhostsfile')).map(expand),
    globalKnownHostsFiles: own.knownHostsFiles ? [] : filesOf(settings, 'globalknownhostsfile'),
    hashKnownHosts: isYes(first('hashknownhosts')),
    hostKeyAlias: first('hostkeyalias')?.toLowerCase(),
    proxyCommand: command === undefined || isNone(command) ? undefined : expandTokens(command, of),
    refusedMethods: refusedMethodsOf(settings),
    unknownHostKeys: strictness(first('stricthostkeychecking')),
  };
}

function strictness(value: string | undefined): 'ask' | 'strict' {
  return isYes(value) ? 'strict' : 'ask';
}

function isYes(value: string | undefined): boolean {
  return ['yes', 'true'].includes(value?.toLowerCase() ?? '');
}

/** Ways to log in that the configuration rules out, by their names in the protocol. */
function refusedMethodsOf(settings: SshSettings): string[] {
  const no = (key: string) => ['no', 'false'].includes(settings.get(key)?.[0]?.toLowerCase() ?? '');
  return [
    ...(no('pubkeyauthentication') ? ['publickey'] : []),
    ...(no('passwordauthentication') ? ['password'] : []),
    ...(no('kbdinteractiveauthentication') ? ['keyboard-interactive'] : []),
  ];
}

/** FIDO keys (`_sk`) need hardware that ssh2 cannot talk to; they work through the agent of no version either. */
const defaultIdentityFiles = ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa'];

function identityFilesOf(own: SshTarget, settings: SshSettings): string[] {
  const configured = (settings.get('identityfile') ?? []).filter((file) => !isNone(file));
  const files = settings.has('identityfile') ? configured : defaultIdentityFiles;
  return [...new Set([...(own.identityFile === undefined ? [] : [own.identityFile]), ...files])];
}

function agentOf(
  own: SshTarget,
  settings: SshSettings,
  expand: (path: string) => string,
): string | undefined {
  const chosen = own.agent ?? settings.get('identityagent')?.[0];
  if (isNone(chosen)) return undefined;
  if (chosen !== undefined && chosen !== 'SSH_AUTH_SOCK') {
    // An empty variable names no agent.
    return chosen.startsWith('$')
      ? process.env[chosen.replace(/^\$\{?|\}$/g, '')] || undefined
      : expand(chosen);
  }
  return process.env['SSH_AUTH_SOCK'] || (process.platform === 'win32' ? WINDOWS_AGENT : undefined);
}

function filesOf(settings: SshSettings, key: string): string[] {
  return (settings.get(key) ?? defaultLists[key] ?? []).filter((file) => !isNone(file));
}

function jumpsOf(settings: SshSettings, own: SshTarget): (SshTarget | string)[] {
  const value = settings.get('proxyjump')?.[0];
  if (!value || isNone(value)) return [];
  return value.split(',').map((jump) => ({
    ...parseDestination(jump),
    ...(own.configFile === undefined ? {} : { configFile: own.configFile }),
    ...(own.knownHostsFiles === undefined ? {} : { knownHostsFiles: own.knownHostsFiles }),
    ...(own.agent === undefined ? {} : { agent: own.agent }),
  }));
}

function expandPath(path: string, of: Parameters<typeof expandTokens>[1]): string {
  const variables = path.replace(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? '');
  const full = expandTokens(expandHome(variables), of);
  return isAbsolute(full) || full.startsWith('\\\\') ? full : join(homedir(), '.ssh', full);
}

function expandHome(path: string): string {
  return path.replace(/^~(?=$|[/\\])/, () => homedir());
}
