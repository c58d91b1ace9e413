import { spawnSync } from 'node:child_process';
import { readHtaccess, type ReadHtaccess } from '../../src/apache/config/judge';
import { hostProfile } from '../../src/apache/host';
import { parse, type HtaccessTree } from '../../src/apache/syntax/tree';
import { byteStringOfText } from '../../src/text/bytes';
import { median, runBench, type Report } from './measure';
import { realisticTexts } from './texts';

const FILES = 1000;
const MEGABYTE = 1024 * 1024;

/** Megabytes of a process: before it read anything, and with all files held, as the operating system sees them. */
interface Memory {
  readonly before: number;
  readonly held: number;
  /** Of that, what the files' texts, trees and configurations are. */
  readonly heap: number;
}

interface HeldFile {
  readonly text: string;
  readonly tree: HtaccessTree;
  readonly read: ReadHtaccess;
}

/** What a language server keeps of each file: its text, its tree, and what Apache makes of it. */
function holdAll(): HeldFile[] {
  const host = hostProfile();
  return realisticTexts(FILES, 3).map((text) => {
    const bytes = byteStringOfText(text);
    return { text, tree: parse(bytes), read: readHtaccess(bytes, host, { directory: `${host.treeRoot}/` }) };
  });
}

function once(): void {
  const before = process.memoryUsage();
  const files = holdAll();
  // No collection is asked for: an editor's process gets none either.
  const { rss } = process.memoryUsage();
  globalThis.gc?.();
  const { heapUsed } = process.memoryUsage();
  if (files.length !== FILES) throw new Error('files were lost');
  const memory: Memory = {
    before: before.rss / MEGABYTE,
    held: rss / MEGABYTE,
    heap: (heapUsed - before.heapUsed) / MEGABYTE,
  };
  process.stdout.write(JSON.stringify(memory));
}

function memoryOfProcess(): Memory {
  const child = spawnSync(process.execPath, ['--expose-gc', process.argv[1] ?? '', 'once'], {
    encoding: 'utf8',
  });
  return JSON.parse(child.stdout) as Memory;
}

async function memory(rounds: number): Promise<Report> {
  const found = Array.from({ length: rounds }, memoryOfProcess);
  const of = (key: keyof Memory): number => median(found.map((one) => one[key]));
  const held = of('held');
  return {
    rows: [
      { what: 'process before the first file, RSS', unit: 'MB', ours: of('before') },
      { what: '1,000 files held, RSS', unit: 'MB', ours: held, aim: 'below 150 MB', isMet: held < 150 },
      { what: '1,000 files held, heap that they take', unit: 'MB', ours: of('heap') },
    ],
    remarks: [
      'held: text, tree and configuration of each file; no garbage collection was asked for before RSS was read',
    ],
  };
}

if (process.argv[2] === 'once') once();
else await runBench(memory);
