import type { RemoteConnection } from '../remote/connection';
import { shellScript } from '../remote/shell';
import { folderOf, nameOf } from './names';

/** A process on the server that runs a dispatcher. */
export interface Worker {
  readonly pid: number;
  readonly parent: number;
  /** Start time in the kernel's ticks since boot; with the pid it names a process for good. */
  readonly started: number;
  /** CPU time used so far, in ticks. */
  readonly cpu: number;
  /** True while it waits for something (state S). */
  readonly sleeping: boolean;
  /** Command line of the parent, where it can be read: tells mod_fcgid from mod_fastcgi. */
  readonly parentCommand: string;
}

/**
 * Prints, for each process of ours whose command line holds a name, its pid, /proc/PID/stat, working folder, arguments and the parent's
 * arguments, separated by tabs and unit separators. The name comes by standard input, so that our own shell does not match.
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
  printf '%s\\t%s\\t%s\\t%s\\t%s\\n' "\${p#/proc/}" "\${s##*) }" "$d" "$c" "$q"
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
  const [pid, stat, folder, command, parentCommand] = line.split('\t');
  if (pid === undefined || stat === undefined || command === undefined) return undefined;
  const words = command.split('\u001f');
  const runs = dispatcher.some(
    (path) => words.includes(path) || (folder === folderOf(path) && words.includes(nameOf(path))),
  );
  if (!runs) return undefined;
  // proc(5): the fields after the command name are state, ppid ..., utime is the 12th of them, stime the 13th, starttime the 20th.
  const fields = stat.split(' ');
  return {
    pid: Number(pid),
    parent: Number(fields[1]),
    started: Number(fields[19]),
    cpu: Number(fields[11]) + Number(fields[12]),
    sleeping: fields[0] === 'S',
    parentCommand: (parentCommand ?? '').replaceAll('\u001f', ' ').trim(),
  };
}

/** What became of old workers. */
export interface EndedWorkers {
  readonly ended: readonly number[];
  /** Left running: busy, or under a manager that counts a kill as a failure. */
  readonly left: readonly number[];
}

/** Two looks this far apart tell whether a process works. */
const idleLook = 1200;

/**
 * Ends old workers with SIGTERM where that is harmless: they are idle (asleep, no CPU time between two looks), and their parent is
 * Apache itself. Under mod_fastcgi (parent `fcgi-pm`) every kill counts towards its ten-minute back-off, so they stay.
 */
export async function endOldWorkers(
  connection: RemoteConnection,
  dispatcher: readonly string[],
  old: readonly Worker[],
): Promise<EndedWorkers> {
  if (old.length === 0) return { ended: [], left: [] };
  await new Promise((resolve) => setTimeout(resolve, idleLook));
  const now = await listWorkers(connection, dispatcher);
  const still = old.flatMap((before) => {
    const same = now.find((worker) => isSame(worker, before));
    return same ? [{ before, same }] : [];
  });
  const harmless = still.filter(
    ({ before, same }) => same.sleeping && same.cpu === before.cpu && isApache(same.parentCommand),
  );
  const pids = harmless.map(({ same }) => same.pid);
  if (pids.length > 0) await connection.exec(shellScript('kill -s TERM "$@"', pids.map(String)));
  return { ended: pids, left: still.map(({ same }) => same.pid).filter((pid) => !pids.includes(pid)) };
}

export function isSame(one: Worker, other: Worker): boolean {
  return one.pid === other.pid && one.started === other.started;
}

function isApache(command: string): boolean {
  return /(^|\/)(apache2|httpd)\b/.test(command) && !command.includes('fcgi-pm');
}
