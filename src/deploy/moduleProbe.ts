import { randomBytes } from 'node:crypto';
import type { LogLine } from '../errorlog';
import type { RemoteConnection } from '../remote/connection';
import { RemoteError } from '../remote/errors';
import { isRecord } from './manifest';
import { joinRemote } from './names';
import { probe } from './proof';
import { writeNew } from './remoteFiles';
import { StateFolder } from './stateFolder';
import { resolveTargetFolder } from './targetFolder';
import { isApache, type Worker } from './workers';

/** What runs FastCGI programs on a server. */
export type FastcgiModule = 'mod_fcgid' | 'mod_fastcgi' | 'none';

/** A module, and how it was found out. */
export interface KnownModule {
  readonly module: FastcgiModule;
  /** Its own answer to a rule, the parent of the dispatcher's processes, or its lines in the error log. */
  readonly by: 'probe' | 'processes' | 'log';
}

const fileName = 'server.json';

/** Each rule answers 410 where the module is loaded, else 403: what the server itself says, without a shell. */
const rules = `RewriteEngine On
<IfModule mod_fcgid.c>
RewriteRule ^mod_fcgid$ - [G]
</IfModule>
<IfModule mod_fastcgi.c>
RewriteRule ^mod_fastcgi$ - [G]
</IfModule>
RewriteRule ^ - [F]
`;

/**
 * Finds out by a temporary folder with a .htaccess and two requests which module is loaded, and remembers it beside the manifest. A person
 * is to be asked first. Undefined where the answers say nothing (another server, no mod_rewrite, a page in front of the site).
 * @throws RemoteError when the folder cannot be made or removed
 */
export async function findModule(
  connection: RemoteConnection,
  options: { readonly remotePath: string; readonly url: string; readonly signal?: AbortSignal },
): Promise<FastcgiModule | undefined> {
  const session = await connection.sftp();
  const target = await resolveTargetFolder(session, options.remotePath);
  const name = `fastcgi-probe-${randomBytes(6).toString('hex')}`;
  const folder = joinRemote(target, name);
  await session.mkdir(folder, 0o755);
  try {
    await session.setstat(folder, { mode: 0o755 });
    await writeNew(session, joinRemote(folder, '.htaccess'), { text: rules, mode: 0o644 });
    const found = moduleOf(await askBoth(new URL(`${name}/`, options.url), options.signal));
    if (found) await remember(connection, options.remotePath, found);
    return found?.module;
  } finally {
    await session.unlink(joinRemote(folder, '.htaccess')).catch(() => undefined);
    await session.rmdir(folder);
  }
}

async function askBoth(base: URL, signal: AbortSignal | undefined) {
  const [fcgid, fastcgi] = await Promise.all(
    ['mod_fcgid', 'mod_fastcgi'].map((name) => probe(new URL(name, base).href, { timeout: 5000, signal })),
  );
  return { fcgid: fcgid?.status, fastcgi: fastcgi?.status };
}

/** Both can be loaded; programs then run under the one whose handler the .htaccess names, which mod_fcgid's `.fcgi` mostly is. */
function moduleOf(of: { fcgid: number | undefined; fastcgi: number | undefined }): KnownModule | undefined {
  const known = [of.fcgid, of.fastcgi].every((status) => status === 410 || status === 403);
  if (!known) return undefined;
  if (of.fcgid === 410) return { module: 'mod_fcgid', by: 'probe' };
  return { module: of.fastcgi === 410 ? 'mod_fastcgi' : 'none', by: 'probe' };
}

/** By who has started the dispatcher's processes: mod_fastcgi's manager names itself in its arguments. */
export function moduleByProcesses(
  workers: readonly Pick<Worker, 'parentCommand'>[],
): KnownModule | undefined {
  const parents = workers.map(({ parentCommand }) => parentCommand);
  if (parents.some((command) => /(^|\/|\s)fcgi-pm\b/.test(command))) {
    return { module: 'mod_fastcgi', by: 'processes' };
  }
  return parents.some(isApache) ? { module: 'mod_fcgid', by: 'processes' } : undefined;
}

/** By whose lines an error log has, the newest first: each module begins its own with its name, also what it passes on from programs. */
export function moduleByLog(lines: readonly OwnLine[]): KnownModule | undefined {
  for (const line of lines.toReversed()) {
    if (isOf(line, 'fcgid', /(?:^|\] )mod_fcgid: /)) return { module: 'mod_fcgid', by: 'log' };
    if (isOf(line, 'fastcgi', /(?:^|\] )FastCGI: /)) return { module: 'mod_fastcgi', by: 'log' };
  }
  return undefined;
}

type OwnLine = Pick<LogLine, 'kind' | 'module' | 'text'>;

function isOf({ kind, module, text }: OwnLine, name: string, start: RegExp): boolean {
  if (kind !== 'apache' && kind !== 'stderr') return false;
  return module === name || (module === null && start.test(text));
}

async function remember(connection: RemoteConnection, remotePath: string, found: KnownModule): Promise<void> {
  const session = await connection.sftp();
  await rememberModule(
    await StateFolder.open(session, await resolveTargetFolder(session, remotePath), true),
    found,
  );
}

/** Notes it beside the manifest, for everybody who works with this target. */
export function rememberModule(state: StateFolder, found: KnownModule): Promise<void> {
  return state.write(fileName, JSON.stringify({ version: 1, ...found }));
}

/** What was found out earlier; undefined where it never was. */
export async function knownModule(state: StateFolder | undefined): Promise<FastcgiModule | undefined> {
  try {
    const value: unknown = JSON.parse((await state?.read(fileName)) ?? '');
    const module = isRecord(value) ? value['module'] : undefined;
    return module === 'mod_fcgid' || module === 'mod_fastcgi' || module === 'none' ? module : undefined;
  } catch (error) {
    if (error instanceof RemoteError) throw error;
    return undefined;
  }
}
