import type { DispatcherView, ProcessView, RemoteEntry } from '../diagnosis';
import { listWorkers } from '../deploy/workers';
import { readRemoteFile } from '../deploy/remoteFiles';
import { checkDispatcher, interpreterOf } from '../dispatcher';
import { dispatcherFile } from '../dispatcher/file';
import type { RemoteConnection } from '../remote/connection';
import type { SftpSession } from '../remote/sftp';
import { shellScript } from '../remote/shell';

/** What mod_fcgid and suEXEC give a program; a login's own PATH would find more. */
const WEB_PATH = 'PATH=/usr/local/bin:/usr/bin:/bin';

/** Facts that only a shell tells. Times in seconds since 1970 and minutes. */
export interface ShellFacts {
  readonly uid: number | null;
  readonly now: number | null;
  /** Minutes east of UTC. */
  readonly zone: number | null;
  /** When the machine was started; with the clock of the kernel it dates processes. */
  readonly boot: number | null;
  readonly ticks: number;
  readonly quota: string | null;
}

const NO_SHELL: ShellFacts = { uid: null, now: null, zone: null, boot: null, ticks: 100, quota: null };

const factsScript = `LC_ALL=C; export LC_ALL
id -u; date +%s; date +%z
awk '/^btime/ { print $2 }' /proc/stat 2>/dev/null || echo
getconf CLK_TCK 2>/dev/null || echo 100
quota 2>/dev/null | grep '\\*'
true`;

/** Asks the shell; nulls where there is none. */
export async function shellFacts(connection: RemoteConnection): Promise<ShellFacts> {
  if (!(await connection.hasShell())) return NO_SHELL;
  const { stdout } = await connection.exec(shellScript(factsScript), { timeout: 15_000 });
  const [uid, now, zone = '', boot, ticks, ...quota] = stdout.split('\n');
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(zone.trim()) ?? [];
  const offset = Number(hours) * 60 + Number(minutes);
  const over = quota.join('\n').trim();
  return {
    uid: numberOf(uid),
    now: numberOf(now),
    zone: hours === undefined ? null : sign === '-' ? -offset : offset,
    boot: numberOf(boot),
    ticks: numberOf(ticks) ?? 100,
    quota: over === '' ? null : over,
  };
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : null;
}

/** A file or folder as it is on the server. */
export async function entryOf(session: SftpSession, path: string): Promise<RemoteEntry> {
  const link = await session.find(path);
  const stat = link?.kind === 'link' ? await session.stat(path).catch(() => link) : link;
  if (!stat) return { path, kind: 'missing', mode: 0, uid: null, mtime: 0 };
  return { path, kind: stat.kind, mode: stat.mode, uid: stat.uid, mtime: stat.mtime };
}

/** The folders from the first below the machine's root on that belongs to the account, down to this one. */
export async function foldersDownTo(
  session: SftpSession,
  folder: string,
  uid: number | null,
): Promise<readonly RemoteEntry[]> {
  const parts = folder.split('/').filter((part) => part !== '');
  const paths = parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`);
  const entries = await Promise.all(paths.map((path) => entryOf(session, path)));
  const first = uid === null ? Math.max(0, entries.length - 3) : entries.findIndex((one) => one.uid === uid);
  return first < 0 ? [] : entries.slice(first).filter(({ kind }) => kind === 'directory');
}

/** The dispatcher: its bytes, its permissions, its interpreter, and what that says of its code. */
export async function viewDispatcher(
  connection: RemoteConnection,
  { path, name }: { path: string; name: string },
): Promise<DispatcherView> {
  const session = await connection.sftp();
  const entry = await entryOf(session, path);
  const nothing = { name, problems: [], interpreter: null, syntaxError: null, missingModules: [] };
  if (entry.kind !== 'file') return { ...entry, ...nothing };
  const content = await readRemoteFile(session, path, 1024 * 1024).catch(() => undefined);
  if (content === undefined) return { ...entry, ...nothing };
  const problems = checkDispatcher(content, { path, mode: entry.mode }).map(
    ({ code, severity, message }) => ({ code, severity, message }),
  );
  const { shebang } = dispatcherFile(content, { path });
  if (!shebang) return { ...entry, ...nothing, problems };
  const asked = await connection.hasShell();
  const interpreter = await viewInterpreter(connection, shebang);
  const code =
    interpreter.found && !shebang.endsInCr ? await checkCode(connection, path, interpreter.path) : {};
  const program = interpreterOf(content);
  const named = program !== undefined && asked ? { named: { program, found: interpreter.found } } : {};
  return { ...entry, ...nothing, problems, interpreter, ...named, ...code };
}

async function viewInterpreter(
  connection: RemoteConnection,
  { interpreter, argument }: { interpreter: string; argument: string },
): Promise<NonNullable<DispatcherView['interpreter']>> {
  const named = interpreter.endsWith('/env') ? argument.replace(/^-S\s+/, '').split(/\s+/)[0] : undefined;
  const path = (named ?? interpreter).replace(/\r$/, '');
  if (!(await connection.hasShell())) {
    const session = await connection.sftp();
    // An account that is shut up in its folder sees no programs at all.
    const seesPrograms = named === undefined && (await session.find('/usr/bin')) !== undefined;
    const found = !seesPrograms || (await session.find(path)) !== undefined;
    return { path, found, version: null };
  }
  const script = `p=$(command -v "$1") && [ -x "$p" ] && printf '%s\\n' "$p" && { "$p" --version 2>&1 | head -n 1; }`;
  const { stdout } = await connection.exec(`env -i ${WEB_PATH} ${shellScript(script, [path])}`, {
    timeout: 20_000,
  });
  const [found = '', version = ''] = stdout.split('\n');
  return {
    path: found === '' ? path : found,
    found: found !== '',
    version: version.trim() === '' ? null : version.trim().slice(0, 80),
  };
}

/**
 * Reads the program and its neighbours without running them: what does not parse, and which modules at the top level are imported
 * (outside of try) and cannot be found.
 */
const pythonScript = `import ast, importlib.util, os, sys
folder, names = sys.argv[1], sys.argv[2:]
sys.path.insert(0, folder)
wanted = {}
for name in names:
    path = os.path.join(folder, name)
    try:
        tree = ast.parse(open(path, 'rb').read(), path)
    except SyntaxError as error:
        print('SYNTAX File "%s", line %s' % (path, error.lineno))
        print('SYNTAX SyntaxError: %s (%s, line %s)' % (error.msg, name, error.lineno))
        continue
    except (OSError, ValueError):
        continue
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                wanted[alias.name.split('.')[0]] = 1
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            wanted[node.module.split('.')[0]] = 1
for module in sorted(wanted):
    try:
        found = module in sys.modules or importlib.util.find_spec(module) is not None
    except (ImportError, ValueError, AttributeError):
        found = False
    if not found:
        print('MISSING ' + module)
`;

async function checkCode(
  connection: RemoteConnection,
  path: string,
  interpreter: string,
): Promise<Partial<Pick<DispatcherView, 'syntaxError' | 'missingModules'>>> {
  if (!(await connection.hasShell())) return {};
  const [folder, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
  if (/python/.test(interpreter)) return checkPython(connection, { folder, name, interpreter });
  const flag = /ruby|perl/.test(interpreter) ? '-c' : /php/.test(interpreter) ? '-l' : undefined;
  if (flag === undefined) return {};
  const script = 'cd "$1" && "$2" "$3" "$4" 2>&1';
  const { stdout, code } = await connection.exec(
    `env -i ${WEB_PATH} ${shellScript(script, [folder, interpreter, flag, name])}`,
    { timeout: 20_000 },
  );
  if (code === 0) return {};
  const missing = /Can't locate (\S+?)\.pm/.exec(stdout)?.[1]?.replaceAll('/', '::');
  return missing === undefined
    ? { syntaxError: stdout.trim().slice(0, 1000) }
    : { missingModules: [missing] };
}

async function checkPython(
  connection: RemoteConnection,
  { folder, name, interpreter }: { folder: string; name: string; interpreter: string },
): Promise<Partial<Pick<DispatcherView, 'syntaxError' | 'missingModules'>>> {
  const session = await connection.sftp();
  const entries = await session.readdir(folder).catch(() => []);
  const neighbours = entries.filter((one) => one.kind === 'file' && one.name.endsWith('.py')).slice(0, 40);
  const names = [name, ...neighbours.map((one) => one.name)];
  const script = 'p=$1; shift; exec "$p" -B - "$@"';
  const command = `env -i ${WEB_PATH} ${shellScript(script, [interpreter, folder, ...names])}`;
  const { stdout } = await connection.exec(command, { input: pythonScript, timeout: 20_000 });
  const lines = stdout.split('\n');
  const syntax = lines.flatMap((line) => /^SYNTAX (.*)/.exec(line)?.[1] ?? []);
  return {
    syntaxError: syntax.length === 0 ? null : syntax.join('\n'),
    missingModules: lines.flatMap((line) => /^MISSING (.*)/.exec(line)?.[1] ?? []),
  };
}

/** The processes that run the dispatcher, with the time of their start. */
export async function viewProcesses(
  connection: RemoteConnection,
  path: string,
  { boot, ticks }: ShellFacts,
): Promise<readonly ProcessView[]> {
  const workers = await listWorkers(connection, [path]);
  return workers.map(({ pid, started, idle }) => ({
    pid,
    idle,
    started: boot === null ? null : Math.floor(boot + started / ticks),
  }));
}
