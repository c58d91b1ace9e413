// Child processes that never outlive their parent. Node's built-ins only: used before `npm ci` too.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds for a child that only has to close. */
const SHORT_GRACE = 3;

/** Seconds for a child that has to end children of its own first; longer than theirs, or those would be left behind. */
export const LONG_GRACE = 10;

/** Every child that was started here and has not ended yet. Each leads its own process group. */
const running = new Set();

/** Called in reverse order before the children are ended: closing a browser, removing a folder. */
const cleanups = [];

/**
 * Starts a child as leader of a new process group, so that its own children can be ended with it.
 * Standard input is closed: a background group that read from the terminal would be stopped.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
    // On Windows this would open a console window, and groups cannot be signalled there anyway.
    detached: process.platform !== 'win32',
  });
  running.add(child);
  child.once('error', () => running.delete(child));
  child.once('exit', () => groupIsGone(child) && running.delete(child));
  return child;
}

/**
 * Runs a child to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean, timeoutSeconds?: number }} [options]
 *   quiet: output is collected and only given back; timeoutSeconds: the group is ended then
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} code 127 when it cannot be started
 */
export async function run(command, args, options = {}) {
  const { quiet = false, timeoutSeconds, ...rest } = options;
  const child = start(command, args, quiet ? { ...rest, stdio: ['ignore', 'pipe', 'pipe'] } : rest);
  const output = [];
  child.stdout?.on('data', (part) => output.push(part));
  child.stderr?.on('data', (part) => output.push(part));
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      void stop(child);
    },
    (timeoutSeconds ?? 3600) * 1000,
  );
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (status) => resolve(status ?? 1));
  });
  clearTimeout(timer);
  // What the leader may have left behind in its group.
  await stop(child, LONG_GRACE);
  return { code: timedOut ? 124 : code, output: Buffer.concat(output).toString('utf8'), timedOut };
}

/**
 * Ends a child and its group: politely first, by force after `graceSeconds`.
 * @param {import('node:child_process').ChildProcess} child
 */
export async function stop(child, graceSeconds = SHORT_GRACE) {
  if (!running.has(child)) return;
  signalGroup(child, 'SIGTERM');
  const limit = Date.now() + graceSeconds * 1000;
  // The leader alone is not enough: its children may still be busy ending theirs.
  while (!groupIsGone(child) && Date.now() < limit) await sleep(50);
  signalGroup(child, 'SIGKILL');
  running.delete(child);
}

/**
 * Registers work to be done before this process ends for whatever reason but SIGKILL.
 * @param {() => void | Promise<void>} cleanup
 * @returns {() => Promise<void>} runs it now instead
 */
export function beforeEnd(cleanup) {
  cleanups.push(cleanup);
  return async () => {
    const index = cleanups.indexOf(cleanup);
    if (index < 0) return;
    cleanups.splice(index, 1);
    await cleanup();
  };
}

/**
 * Runs npm, the one that runs us if there is one.
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function npm(args, options) {
  const own = process.env['npm_execpath'];
  return own?.endsWith('.js') ? run(process.execPath, [own, ...args], options) : run('npm', args, options);
}

/** Runs what `beforeEnd` registered, then ends every child. Safe to call more than once. */
export async function endEverything(graceSeconds = SHORT_GRACE) {
  while (cleanups.length > 0) {
    try {
      await cleanups.pop()();
    } catch {
      // One that fails must not keep the others from running.
    }
  }
  await Promise.all([...running].map((child) => stop(child, graceSeconds)));
}

/**
 * Makes Ctrl-C, `kill` and a closed terminal end everything that was started here, as well as the end of an npm that runs us:
 * killed, it takes only the shell between us with it. Call once.
 */
export function endEverythingOnSignals(graceSeconds = SHORT_GRACE) {
  let ending = false;
  const end = (code) => {
    if (ending) return;
    ending = true;
    void endEverything(graceSeconds).finally(() => process.exit(code));
  };
  for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1 })) {
    process.on(signal, () => end(128 + number));
  }
  if (process.env['npm_lifecycle_event']) onParentEnd(() => end(1));
}

/** Calls back within a second of the parent's end, however it ended. */
export function onParentEnd(callback) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, 1000);
  timer.unref();
}

/** Whether a process with this id exists. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL');
});

function groupIsGone(child) {
  if (child.pid === undefined) return true;
  if (process.platform === 'win32') return child.exitCode !== null || child.signalCode !== null;
  try {
    process.kill(-child.pid, 0);
    return false;
  } catch {
    return true;
  }
}

function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
