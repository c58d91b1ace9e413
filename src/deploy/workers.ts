import type { RemoteConnection } from '../remote/connection';
import { shellScript } from '../remote/shell';
import { folderOf, nameOf } from './names';

/** A process on the server that runs a dispatcher. */
export interface Worker {
  readonly pid: number;
  readonly parent: number;
  /** Start time in the kernel's ticks since boot; with the pid it names a process for good. */
  readonly started: number;
  /** True when it certainly works on no request: its listening socket has no open connection. */
  readonly idle: boolean;
  /** Command line of the parent, where it can be read: tells mod_fcgid from mod_fastcgi. */
  readonly parentCommand: string;
}

/**
 * Prints, for each process of ours whose command line holds a name, its pid, /proc/PID/stat, working folder, arguments and the parent's
 * arguments and the number of connections that its listening socket has (proc(5), /proc/net/unix: state 03; mod_fcgid gives each process a
 * socket of its own as fd 0, and closes the connection after each request). The name comes by standard input, so that our own shell does
 * not match.
 */
const listScript = `IFS= read -r name
for p in /proc/[0-9]*; do
  [ -O "$p" ] || continue
  c=$(tr '\\000\\011\\012' '\\037\\040\\040' <"$p/cmdline" 2>/dev/null) || continue
  case $c in *"$name"*) ;; *) continue ;; esac
  s=$(cat "$p/stat" 2>/dev/null) || continue
  d=$(readlink "$p/cwd" 2>/dev/null)
  r=\${s##*) }; r=\${r#? }; r=\${r%% *}
  q=$(tr '\\000\\011\\012' '\\037\\040\\040' <"/proc/$r/cmdline" 2>/dev/null)
  i=$(readlink "$p/fd/0" 2>/dev/null); i=\${i#socket:[}; i=\${i%]}
  b=$(awk -v i="$i" '$7 == i { p = $8 } $6 == "03" { n[$8]++ } END { print (p == "") ? "?" : n[p] + 0 }' /proc/net/unix 2>/dev/null)
  printf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "\${p#/proc/}" "\${s##*) }" "$d" "$c" "$q" "$b"
done
true`;

/**
 * Our processes that run exactly this dispatcher: an argument is its path, or its bare name with its folder as working folder (suEXEC).
 * Empty without a shell or without /proc.
 */
export async function listWorkers(
  connection: RemoteConnection,
  dispatcher: readonly string[],
): Promise<Worker[]> {
  const name = nameOf(dispatcher[0] ?? '');
  if (name === '' || /[\t\n]/.test(name) || !(await connection.hasShell())) return [];
  const { stdout } = await connection.exec(shellScript(listScript), { input: `${name}\n` });
  return stdout.split('\n').flatMap((line) => parseWorker(line, dispatcher) ?? []);
}

/** One line of the script's output; exported for its test. */
export function parseWorker(line: string, dispatcher: readonly string[]): Worker | undefined {
  const [pid, stat, folder, command, parentCommand, connections] = line.split('\t');
  if (pid === undefined || stat === undefined || command === undefined) return undefined;
  const words = command.split('\u001f');
  const runs = dispatcher.some(
    (path) => words.includes(path) || (folder === folderOf(path) && words.includes(nameOf(path))),
  );
  if (!runs) return undefined;
  // proc(5): the fields after the command name are state, ppid ...; starttime is the 20th of them.
  const fields = stat.split(' ');
  return {
    pid: Number(pid),
    parent: Number(fields[1]),
    started: Number(fields[19]),
    idle: fields[0] === 'S' && connections === '0',
    parentCommand: (parentCommand ?? '').replaceAll('\u001f', ' ').trim(),
  };
}

/** What became of old workers. */
export interface EndedWorkers {
  readonly ended: readonly number[];
  /** Left running: busy, or under a manager that counts a kill as a failure. */
  readonly left: readonly number[];
}

/**
 * Ends old workers with SIGTERM where that is harmless: they work on no request, and their parent is Apache
 * itself. Under mod_fastcgi (parent `fcgi-pm`) every kill counts towards its ten-minute back-off, so they stay.
 */
export async function endOldWorkers(
  connection: RemoteConnection,
  dispatcher: readonly string[],
  old: readonly Worker[],
): Promise<EndedWorkers> {
  if (old.length === 0) return { ended: [], left: [] };
  const now = await listWorkers(connection, dispatcher);
  const still = now.filter((worker) => old.some((before) => isSame(worker, before)));
  const pids = still.filter((worker) => worker.idle && isApache(worker.parentCommand)).map(({ pid }) => pid);
  if (pids.length > 0) await connection.exec(shellScript('kill -s TERM "$@"', pids.map(String)));
  return { ended: pids, left: still.map(({ pid }) => pid).filter((pid) => !pids.includes(pid)) };
}

/** Ends processes with SIGTERM; the caller knows that it is harmless. Returns how many. */
export async function endWorkersOf(
  connection: RemoteConnection,
  workers: readonly Worker[],
): Promise<number> {
  const pids = workers.map(({ pid }) => String(pid));
  if (pids.length > 0) await connection.exec(shellScript('kill -s TERM "$@"', pids));
  return pids.length;
}

export function isSame(one: Worker, other: Worker): boolean {
  return one.pid === other.pid && one.started === other.started;
}

/** Whether a command line is Apache's own, and not mod_fastcgi's process manager. */
export function isApache(command: string): boolean {
  return /(^|\/)(apache2|httpd)\b/.test(command) && !command.includes('fcgi-pm');
}
