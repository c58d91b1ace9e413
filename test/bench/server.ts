import { spawnSync } from 'node:child_process';
import { Editor } from '../server/editor';
import { median, runBench, type Report } from './measure';
import { manyRules, realisticTexts } from './texts';

const RULES = 10_000;
const FILES = 1000;
const EDITS = 9;
const MEGABYTE = 1024 * 1024;

/** Milliseconds from the moment at which an editor sends an edit to that at which the diagnostic arrives there: [by the clock, of processor time]. */
async function editToDiagnostic(rounds: number): Promise<readonly [wall: number, cpu: number][]> {
  const editor = new Editor();
  await editor.start();
  const uri = 'file:///bench/.htaccess';
  const lines = manyRules(RULES, 77).split('\n');
  const middle = RULES >> 1;
  await editor.open(lines.join('\n'), uri);
  const times: [number, number][] = [];
  for (let version = 2; version < 2 + rounds * EDITS * 2; version++) {
    // In turn a mistake and its correction: each changes what is shown.
    const isMistake = version % 2 === 0;
    const flags = isMistake ? ' [BROKEN]' : '';
    const text = `RewriteRule ^edited-${version}$ /x${flags}`;
    const range = { start: { line: middle, character: 0 }, end: { line: middle, character: 1000 } };
    const before = [performance.now(), process.cpuUsage()] as const;
    await editor.edit([{ range, text }], version, uri);
    const verdict = await editor.diagnostics(version);
    const { user, system } = process.cpuUsage(before[1]);
    if (isMistake !== verdict.some(({ source }) => source === 'Apache'))
      throw new Error('the verdict is another one');
    if (isMistake) times.push([performance.now() - before[0], (user + system) / 1000]);
  }
  editor.dispose();
  return times;
}

/** Megabytes of this process with that many documents open in a server, all of them checked. */
async function memoryOfOpenFiles(): Promise<number> {
  const editor = new Editor();
  await editor.start();
  for (const [at, text] of realisticTexts(FILES, 3).entries()) {
    await editor.open(text, `file:///bench/${at}/.htaccess`);
  }
  // The last one's advice comes after all others'.
  await editor.ask('textDocument/documentSymbol', {}, `file:///bench/${FILES - 1}/.htaccess`);
  await new Promise((resolve) => setTimeout(resolve, 6000));
  const { rss } = process.memoryUsage();
  editor.dispose();
  return rss / MEGABYTE;
}

async function server(rounds: number): Promise<Report> {
  const times = await editToDiagnostic(rounds);
  const wall = median(times.map(([one]) => one));
  const cpu = median(times.map(([, one]) => one));
  const child = spawnSync(process.execPath, [process.argv[1] ?? '', 'memory'], { encoding: 'utf8' });
  const open = Number(child.stdout);
  return {
    rows: [
      {
        what: '10,000 rules, an edit to its diagnostic, CPU',
        unit: 'ms',
        ours: cpu,
        aim: 'at most 16 ms',
        isMet: cpu <= 16,
      },
      { what: '  clock', unit: 'ms', ours: wall },
      {
        what: '1,000 documents open and checked, RSS',
        unit: 'MB',
        ours: open,
        aim: 'below 150 MB',
        isMet: open < 150,
      },
    ],
    remarks: [
      'over the Language Server Protocol, editor and server in one process; CPU is that of all threads, on both sides',
    ],
  };
}

if (process.argv[2] === 'memory') process.stdout.write(String(await memoryOfOpenFiles()));
else await runBench(server);
