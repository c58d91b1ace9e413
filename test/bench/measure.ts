import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Milliseconds that something took: by the clock, and of processor time in all threads of a process. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** One line of the report. `ours` and `peer` are medians over the rounds, `ratio` the median of ours / peer within a round. */
export interface Row {
  readonly what: string;
  readonly unit: 'ms' | 'MB' | 'kB';
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

/** What a call costs in this process. */
export function costOf(work: () => void): Cost {
  const cpu = process.cpuUsage();
  const start = performance.now();
  work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1000 };
}

/** What a call costs the children of a process of ours, by /proc; Linux only. */
export async function costOfChildren(parent: number, work: () => Promise<void>): Promise<Cost> {
  const cpu = cpuOfChildren(parent);
  const start = performance.now();
  await work();
  return { wall: performance.now() - start, cpu: cpuOfChildren(parent) - cpu };
}

/** Milliseconds of processor time that the children of a process have used: schedstat counts nanoseconds, stat only ticks of 10 ms. */
function cpuOfChildren(parent: number): number {
  let total = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      if (Number(fields[1]) !== parent) continue;
      total += Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
    } catch {
      // A process that ended meanwhile is none of ours.
    }
  }
  return total;
}

/** Costs divided by how often the thing was done. */
export function per(cost: Cost, times: number): Cost {
  return { wall: cost.wall / times, cpu: cost.cpu / times };
}

/** What was measured in one round. */
export interface Round {
  readonly ours: Cost;
  readonly peer?: Cost;
}

/** An aim on processor time; the clock's row has none, since other processes decide about it too. */
export interface Aim {
  readonly text: string;
  holds(figures: { readonly ours: number; readonly ratio: number | undefined }): boolean;
}

/** The rows of one measurement: processor time, then the clock. */
export function rowsOf(what: string, rounds: readonly Round[], aim?: Aim): Row[] {
  return (['cpu', 'wall'] as const).map((kind) => {
    const ours = median(rounds.map((round) => round.ours[kind]));
    const peers = rounds.flatMap((round) => (round.peer === undefined ? [] : [round.peer[kind]]));
    const ratios = rounds.flatMap(({ ours: own, peer }) =>
      peer === undefined ? [] : [own[kind] / peer[kind]],
    );
    const ratio = ratios.length === 0 ? undefined : median(ratios);
    return {
      what: `${what}, ${kind === 'cpu' ? 'CPU' : 'clock'}`,
      unit: 'ms',
      ours,
      ...(ratio === undefined ? {} : { peerName: 'Apache', peer: median(peers), ratio }),
      ...(aim === undefined || kind === 'wall' ? {} : { aim: aim.text, isMet: aim.holds({ ours, ratio }) }),
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
