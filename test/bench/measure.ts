import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Milliseconds that something took. */
export interface Cost {
  /** By the clock. */
  readonly wall: number;
  /** Of processor time in the thread that did it: what one waits for on a machine that does nothing else. */
  readonly cpu: number;
  /** Of processor time in all threads of the process: with those that collect garbage and compile beside it. */
  readonly threads: number;
}

/** One line of the report. `ours` and `peer` are medians over the rounds, `ratio` the median of ours / peer within a round. */
export interface Row {
  readonly what: string;
  readonly unit: 'ms' | 'µs' | 'kB' | 'MB' | 'lines' | 'lines/s' | 'fps' | '1/s';
  readonly ours: number;
  /** Who does the same beside us. */
  readonly peerName?: string;
  readonly peer?: number;
  readonly ratio?: number;
  /** What we want, in words, and whether it was reached. */
  readonly aim?: string;
  readonly isMet?: boolean;
}

/** What a bench says: its rows, and remarks for the reader. */
export interface Report {
  readonly rows: readonly Row[];
  readonly remarks: readonly string[];
}

/** The middle value; of an even number the upper of the two. NaN of nothing. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** What a call costs in this process. Nowhere but on Linux is its own thread told from the others. */
export function costOf(work: () => void): Cost {
  const before = { threads: threadsTime(), cpu: ownThreadTime(), wall: performance.now() };
  work();
  const wall = performance.now() - before.wall;
  return { wall, cpu: ownThreadTime() - before.cpu, threads: threadsTime() - before.threads };
}

function threadsTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function ownThreadTime(): number {
  return process.platform === 'linux' ? scheduledTime(`self/task/${process.pid}`) : threadsTime();
}

/** The processor time of a process or thread in /proc: schedstat counts nanoseconds, stat only ticks of 10 ms. */
function scheduledTime(name: string): number {
  return Number(readFileSync(`/proc/${name}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
}

/** What a call costs the children of a process of ours, by /proc; Linux only. */
export async function costOfChildren(parent: number, work: () => Promise<void>): Promise<Cost> {
  const cpu = cpuOfChildren(parent);
  const start = performance.now();
  await work();
  const used = cpuOfChildren(parent) - cpu;
  return { wall: performance.now() - start, cpu: used, threads: used };
}

/** Milliseconds of processor time that the children of a process have used. */
function cpuOfChildren(parent: number): number {
  let total = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      if (Number(fields[1]) !== parent) continue;
      total += scheduledTime(pid);
    } catch {
      // A process that ended meanwhile is none of ours.
    }
  }
  return total;
}

/** Costs divided by how often the thing was done. */
export function per(cost: Cost, times: number): Cost {
  return { wall: cost.wall / times, cpu: cost.cpu / times, threads: cost.threads / times };
}

/** What was measured in one round. */
export interface Round {
  readonly ours: Cost;
  readonly peer?: Cost;
}

/** An aim on processor time; the clock's row has none, since other processes decide about it too. */
export interface Aim {
  readonly text: string;
  /** Undefined where it is about a peer who is not there. */
  holds(figures: { readonly ours: number; readonly ratio: number | undefined }): boolean | undefined;
}

const KINDS = { cpu: 'CPU', threads: 'CPU, all threads', wall: 'clock' } as const;

/** The rows of one measurement; the aim is on the processor time of the working thread. */
export function rowsOf(what: string, rounds: readonly Round[], aim?: Aim): Row[] {
  return (['cpu', 'threads', 'wall'] as const).map((kind) => {
    const ours = median(rounds.map((round) => round.ours[kind]));
    const peers = rounds.flatMap((round) => (round.peer === undefined ? [] : [round.peer[kind]]));
    const ratios = rounds.flatMap(({ ours: own, peer }) =>
      peer === undefined ? [] : [own[kind] / peer[kind]],
    );
    const ratio = ratios.length === 0 ? undefined : median(ratios);
    const isMet = kind === 'cpu' ? aim?.holds({ ours, ratio }) : undefined;
    return {
      what: kind === 'cpu' ? `${what}, CPU` : `  ${KINDS[kind]}`,
      unit: 'ms',
      ours,
      ...(ratio === undefined ? {} : { peerName: 'Apache', peer: median(peers), ratio }),
      ...(aim === undefined || isMet === undefined ? {} : { aim: aim.text, isMet }),
    };
  });
}

/** Runs a bench with the options that run.mjs gives it: `--rounds N --out FILE`. */
export async function runBench(bench: (rounds: number) => Promise<Report>): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '5' }, out: { type: 'string' } },
  });
  const report = await bench(Math.max(1, Number(values.rounds)));
  if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(report));
}
