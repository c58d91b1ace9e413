import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { loadOn, type Load } from './load';
import { median, runBench, type Report, type Row } from './measure';
import { apachePeer, barePeer, forgetCode, nginxPeer, runnerPeer, startTimes, type Peer } from './peers';
import { writeSite } from './site';

// The local server beside Apache with mod_fcgid and nginx: the same C and Python programs, the classic .htaccess (nginx
// has none: its rule stands in its configuration), an access log everywhere, connections kept; and beside a server in Node that
// only passes bytes on, which is the most that could be reached.

/** A round takes half a minute: more than these are not made. */
const MOST_ROUNDS = 3;
/** Short measurements of the servers in turn: a machine that is slow for a moment is slow to all of them, and a median passes it over. */
const TURNS_PER_ROUND = 4;
/** Milliseconds of one measurement. */
const TIME = 700;
/** Milliseconds of the first load of a server. */
const FRESH = 5000;
interface Measured extends Load {
  /** Microseconds of processor time of the server's own processes, per request. */
  readonly cpu: number;
}

/** Milliseconds of processor time that processes have used, in ticks of 10 ms. */
function cpuOf(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    try {
      const fields = fs
        .readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It ended meanwhile.
    }
  }
  return ticks * 10;
}

async function measured(peer: Peer, connections: number, distinct: boolean): Promise<Measured> {
  const pids = peer.pids();
  const before = cpuOf(pids);
  const load = await loadOn({ port: peer.port, connections, milliseconds: TIME, distinct });
  return { ...load, cpu: ((cpuOf(pids) - before) * 1000) / load.requests };
}

type Results = Map<string, Measured[]>;

async function turnOf(peers: readonly Peer[], results: Results): Promise<void> {
  for (const peer of peers) {
    for (const connections of [1, 32]) {
      for (const distinct of peer.name === 'runner' ? [false, true] : [false]) {
        const key = `${peer.name} ${connections}${distinct ? ' distinct' : ''}`;
        const list = results.get(key) ?? [];
        list.push(await measured(peer, connections, distinct));
        results.set(key, list);
      }
    }
  }
}

function rowsOf(language: string, results: Results): Row[] {
  const rows: Row[] = [];
  const value = (key: string, of: (one: Measured) => number): number | undefined => {
    const list = results.get(key);
    return list === undefined ? undefined : median(list.map(of));
  };
  for (const connections of [1, 32]) {
    const what = `${language}, ${connections} connection${connections === 1 ? '' : 's'}`;
    const add = (name: string, unit: Row['unit'], of: (one: Measured) => number, aims: Aims): void => {
      for (const [kind, note] of [
        ['runner', ''],
        ['runner', ' distinct'],
      ] as const) {
        const ours = value(`${kind} ${connections}${note}`, of);
        if (ours === undefined) continue;
        for (const peerName of ['Apache', 'nginx', 'bare Node']) {
          const peer = value(`${peerName} ${connections}`, of);
          if (peer === undefined) continue;
          const ratio = ours / peer;
          const aim = note === '' ? aims[peerName] : undefined;
          const judged = aim === undefined ? {} : { aim: aim.text, isMet: aim.holds(ratio) };
          rows.push({
            what: `${what}, ${name}${note === '' ? '' : ', every URL new'}`,
            unit,
            ours,
            peerName,
            peer,
            ratio,
            ...judged,
          });
        }
      }
      // What nobody in Node can do better decides how far an aim can be reached at all.
      const bare = value(`bare Node ${connections}`, of);
      for (const peerName of Object.keys(aims)) {
        const peer = value(`${peerName} ${connections}`, of);
        if (bare === undefined || peer === undefined) continue;
        rows.push({
          what: `${what}, ${name}, bare Node`,
          unit,
          ours: bare,
          peerName,
          peer,
          ratio: bare / peer,
        });
      }
    };
    add('requests/s', '1/s', ({ perSecond }) => perSecond, {
      Apache: { text: '1.8 × Apache', holds: (ratio) => ratio >= 1.8 },
      nginx: { text: '0.8 × nginx', holds: (ratio) => ratio >= 0.8 },
    });
    add('CPU of the server per request', 'µs', ({ cpu }) => cpu, {
      Apache: { text: 'at most 0.5 × Apache', holds: (ratio) => ratio <= 0.5 },
    });
    add('p99', 'ms', ({ p99 }) => p99, {});
  }
  return rows;
}

/** 32 connections to servers that have only just been started, and start their programs meanwhile. */
async function freshRows(language: string, peers: readonly Peer[]): Promise<Row[]> {
  const times = new Map<string, number>();
  for (const peer of peers) {
    const load = await loadOn({ port: peer.port, connections: 32, milliseconds: FRESH, distinct: false });
    times.set(peer.name, load.steadyP99);
  }
  const ours = times.get('runner') ?? Number.NaN;
  return ['Apache', 'nginx', 'bare Node'].flatMap((peerName): Row[] => {
    const peer = times.get(peerName);
    if (peer === undefined) return [];
    const what = `${language}, 32 connections at a steady pace from the start, p99`;
    const row: Row = { what, unit: 'ms', ours, peerName, peer, ratio: ours / peer };
    if (peerName !== 'Apache') return [row];
    return [{ ...row, aim: 'at most 0.1 × Apache', isMet: ours / peer <= 0.1 }];
  });
}

type Aims = Readonly<Record<string, { readonly text: string; readonly holds: (ratio: number) => boolean }>>;

/** Servers start programs with nothing but PATH; without a locale Python takes some milliseconds longer. */
const AS_SERVERS_START = { PATH: process.env['PATH'] };

/** From the start of a server to its first answer by Python, beside the interpreter's own start. */
async function startupRows(site: string): Promise<Row[]> {
  const times: Record<'compiled' | 'first' | 'later' | 'bareFirst' | 'bare' | 'python', number[]> = {
    compiled: [],
    first: [],
    later: [],
    bareFirst: [],
    bare: [],
    python: [],
  };
  for (let n = 0; n < 5; n++) {
    forgetCode();
    times.compiled.push(...(await startTimes(site, 'runner', 1)));
    for (let process = 0; process < 2; process++) {
      const [first = Number.NaN, ...later] = await startTimes(site, 'runner', 3);
      times.first.push(first);
      times.later.push(...later);
    }
    for (let process = 0; process < 2; process++) {
      const [first = Number.NaN, ...later] = await startTimes(site, 'bare Node', 3);
      times.bareFirst.push(first);
      times.bare.push(...later);
    }
    for (let start = 0; start < 4; start++) {
      const began = performance.now();
      execFileSync('/usr/bin/env', ['python3', '-c', 'import socket, struct'], { env: AS_SERVERS_START });
      times.python.push(performance.now() - began);
    }
  }
  const peer = median(times.python);
  const row = (what: string, list: readonly number[]): Row => {
    const ours = median(list);
    return { what, unit: 'ms', ours, peerName: 'python3', peer, ratio: ours / peer };
  };
  const first = row('start to the first answer of Python, new process', times.first);
  const later = row('start to the first answer of Python, warm process', times.later);
  const aim = { aim: "1.3 × the interpreter's start", limit: 1.3 };
  return [
    { ...first, aim: aim.aim, isMet: (first.ratio ?? 2) <= aim.limit },
    { ...later, aim: aim.aim, isMet: (later.ratio ?? 2) <= aim.limit },
    row('start to the first answer of Python, no code kept', times.compiled),
    row('start of bare Node to the first answer of Python, new process', times.bareFirst),
    row('start of bare Node to the first answer of Python, warm process', times.bare),
  ];
}

async function bench(rounds: number): Promise<Report> {
  const rows: Row[] = [];
  const remarks: string[] = [];
  for (const language of ['C', 'Python'] as const) {
    const site = writeSite(language);
    const peers = [
      await apachePeer(site),
      await nginxPeer(site),
      await barePeer(site),
      await runnerPeer(site),
    ].filter((peer) => peer !== null);
    const results: Results = new Map();
    let fresh: Row[] = [];
    try {
      fresh = await freshRows(language, peers);
      for (const peer of peers)
        for (const distinct of [true, false])
          await loadOn({ port: peer.port, connections: 32, milliseconds: 1500, distinct });
      for (let turn = 0; turn < Math.min(rounds, MOST_ROUNDS) * TURNS_PER_ROUND; turn++)
        await turnOf(peers, results);
    } finally {
      for (const peer of peers) await peer.stop();
    }
    rows.push(...rowsOf(language, results), ...fresh);
    const failures = [...results].map(
      ([key, list]) => `${key}: ${list.reduce((sum, { failed }) => sum + failed, 0)}`,
    );
    if (failures.some((one) => !one.endsWith(': 0')))
      remarks.push(`${language}, answers that were not 200: ${failures.join(', ')}`);
    if (language === 'Python') rows.push(...(await startupRows(site)));
    fs.rmSync(site, { recursive: true, force: true });
  }
  remarks.push(
    'nginx has no .htaccess: the rule stands in its configuration, and its programs, one for each connection, were started before; bare Node evaluates and logs nothing',
  );
  return { rows, remarks };
}

await runBench(bench);
