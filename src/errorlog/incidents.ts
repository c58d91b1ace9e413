import { explainLine } from './explain';
import { baseName, isOwnAnswer, LOCAL_ANSWER, unknownExplanation, type Headline } from './headline';
import type { Incident } from './incident';
import { incidentOf, touch, type Group } from './incidentGroup';
import { parseLogLine, splitGlued, type LogLine } from './line';
import { RANKS, type Explanation } from './messages/known';
import { Occurrence } from './occurrence';
import { compareTimes, distance, LONGEST_REQUEST, nearest, secondsAfter } from './timing';
import { isSuspicious } from './traceback';

/** Bounds: a log may go on for ever. */
const MOST_OPEN = 200;
const MOST_RECENT = 200;
const MOST_RAW = 30;
const MOST_ASKED = 200;
const MOST_INCIDENTS = 500;

/** Seconds for which a failed start explains requests that fail without a word: old mod_fastcgi gives up for ten minutes. */
const FAILING = { fcgid: 30, fastcgi: 700 } as const;
/** Seconds of silence after which lines about a program (not about a request) are another matter. */
const PAUSE = 30;
/** Seconds within which a process's exit belongs to the request that it failed. */
const EXIT_SOON = 10;

/** Messages before which a program's own words stand without a prefix. */
const CLAIMS_RAW = new Set([
  'fcgid.died-at-start', 'fcgid.died-in-request', 'fcgid.exit', 'core.no-output', 'core.premature-end',
  'fastcgi.exited', 'fastcgi.exec-failed', 'cgi.failed',
]); // prettier-ignore
/** Messages that end a request. Lines about the broken answer may follow. */
const ENDS = new Set([
  'core.no-output',
  'core.premature-end',
  'core.malformed-header',
  'fastcgi.no-answer',
  'core.bad-response-header',
  'core.bad-response-value',
]);

/** Questions of ours to the server (deploy/, doctor/), which are meant to fail. */
const OWN_PROBE = /\/fastcgi-probe-[\da-f]{12}\//;

/**
 * Puts the lines of a site's logs together into incidents, as they come: several logs may be mixed. Never throws, needs no clock, and
 * its memory is bounded; incidents that were not seen for longest go first. What a line belongs to can change with later lines.
 */
export class IncidentStream {
  readonly #open = new Map<string, Occurrence>();
  #recent: Occurrence[] = [];
  #raw: Occurrence[] = [];
  #asked: Occurrence[] = [];
  /** The last failed start of each program, by its bare name. */
  readonly #failing = new Map<string, Occurrence>();
  readonly #dirty = new Set<Occurrence>();
  readonly #placed = new Map<Occurrence, Group>();
  readonly #groups = new Map<string, Group>();
  #next = 1;

  /** Takes a line; `id` is the number under which its incident names it. */
  add(line: LogLine, id: number): void {
    if (line.kind === 'raw') this.#addRaw(line, id);
    else if (line.kind === 'access') this.#addAccess(line, id);
    else if (line.kind === 'stderr') this.#addOutput(line, id, keyOf(line));
    else if (line.kind === 'php') this.#addOutput(line, id, 'php');
    else this.#addMessage(line, id);
  }

  /** Forgets everything. */
  clear(): void {
    for (const one of [this.#open, this.#failing, this.#dirty, this.#placed, this.#groups]) one.clear();
    this.#recent = [];
    this.#raw = [];
    this.#asked = [];
  }

  /** What is known now; the one that was seen last comes first. */
  get incidents(): readonly Incident[] {
    this.#settle();
    return [...this.#groups.values()]
      .sort((a, b) => compareTimes(b.last, a.last) || b.id - a.id)
      .flatMap((group) => incidentOf(group) ?? []);
  }

  #addRaw(line: LogLine, id: number): void {
    const current = this.#raw.at(-1);
    if (current === undefined && !isSuspicious(line.message)) return;
    const own = current === undefined || current.isNext(line.message) ? new Occurrence(null) : current;
    if (own !== current) {
      this.#raw.push(own);
      if (this.#raw.length > MOST_RAW) this.#raw.shift();
    }
    own.take(line, id);
    this.#dirty.add(own);
  }

  #addOutput(line: LogLine, id: number, key: string): void {
    const known = this.#open.get(key);
    if (known === undefined && !isSuspicious(line.message)) return;
    const goesOn = known && !known.ended && !isAnswered(known, line) && !known.isNext(line.message);
    const own = goesOn ? known : this.#openNew(key, line);
    own.take(line, id);
    this.#dirty.add(own);
  }

  #addMessage(line: LogLine, id: number): void {
    if (OWN_PROBE.test(line.text)) return;
    const explanation = explainLine(line) ?? (isQuiet(line) ? undefined : unknownExplanation(line));
    if (explanation === undefined || explanation.rank === 'routine') return;
    const own =
      line.client === null ? this.#aboutProgram(line, explanation) : this.#aboutRequest(line, explanation);
    // Old mod_fastcgi starts a program four times, and each start says the same.
    const again = explanation.code === 'fastcgi.exited';
    if (explanation.code === LOCAL_ANSWER) this.#claimLast(own);
    if (CLAIMS_RAW.has(explanation.code) && (again || own.output.length === 0)) this.#claimRaw(own);
    own.take(line, id);
    own.explain(explanation);
    if (ENDS.has(explanation.code)) {
      own.ended = true;
      this.#takeExits(own, explanation, line.time);
    }
    this.#dirty.add(own);
  }

  /** Processes that ended while Apache tried again are part of the request that failed at last. */
  #takeExits(own: Occurrence, { script = '' }: Explanation, time: string | null): void {
    const key = `program ${baseName(script)}`;
    const exits = this.#open.get(key);
    if (exits === undefined || exits === own || distance(exits.last, time) > EXIT_SOON) return;
    if (!exits.explanations.every(({ code }) => code === 'fcgid.exit')) return;
    own.absorb(exits);
    this.#open.delete(key);
    this.#withdraw(exits);
  }

  #aboutRequest(line: LogLine, { rank }: Explanation): Occurrence {
    const key = keyOf(line);
    const known = this.#open.get(key);
    const goesOn = known && (!known.ended || (rank === 'symptom' && distance(known.last, line.time) <= 2));
    const isSame = goesOn && !isAnswered(known, line) && distance(known.last, line.time) < LONGEST_REQUEST;
    return isSame ? known : this.#openNew(key, line);
  }

  /** An exit belongs to the request that it failed; other lines about a program belong together while they keep coming. */
  #aboutProgram(line: LogLine, { code, script = '' }: Explanation): Occurrence {
    const name = baseName(script);
    if (code === 'fcgid.exit') {
      const failed = this.#recent.filter(
        (one) => one.failedFor(name) && distance(one.last, line.time) <= EXIT_SOON,
      );
      // Each request waits for the exit of its own process first; Apache may have tried several times for one.
      const owner = failed.find((one) => !one.has('fcgid.exit')) ?? failed.at(-1);
      if (owner) return owner;
    }
    const key = `program ${name}`;
    const known = this.#open.get(key);
    return known && distance(known.last, line.time) <= PAUSE ? known : this.#openNew(key, line);
  }

  #openNew(key: string, { client }: LogLine): Occurrence {
    const own = new Occurrence(client);
    this.#open.delete(key);
    this.#open.set(key, own);
    if (client !== null) this.#remember(own);
    if (this.#open.size > MOST_OPEN) {
      this.#settle();
      const [oldest] = this.#open.keys();
      if (oldest !== undefined) this.#open.delete(oldest);
    }
    return own;
  }

  #remember(own: Occurrence): void {
    this.#recent.push(own);
    if (this.#recent.length > MOST_RECENT * 2) {
      this.#settle();
      this.#recent = this.#recent.slice(-MOST_RECENT);
      this.#forgetOld();
    }
  }

  /** Only what is still at hand can move to another incident. */
  #forgetOld(): void {
    const held = new Set([...this.#recent, ...this.#raw, ...this.#asked, ...this.#open.values()]);
    for (const one of this.#placed.keys()) if (!held.has(one)) this.#placed.delete(one);
  }

  /** The oldest words that nobody has claimed, with those before them that tell nothing, and their repetitions. */
  #claimRaw(own: Occurrence): void {
    const first = this.#raw.findIndex((one) => one.settle() !== undefined);
    const signature = this.#raw[first]?.settle()?.signature;
    const rest = this.#raw.slice(first + 1);
    const different = rest.findIndex((one) => (one.settle()?.signature ?? signature) !== signature);
    const end = first < 0 ? this.#raw.length : different < 0 ? this.#raw.length : first + 1 + different;
    const claimed = this.#raw.splice(0, end);
    if (own.output.length === 0) for (const one of claimed.slice(0, Math.max(1, first + 1))) own.absorb(one);
    for (const one of claimed) this.#withdraw(one);
  }

  /** The words that came last, of a program that has just answered. */
  #claimLast(own: Occurrence): void {
    const last = this.#raw.findLastIndex((one) => one.settle() !== undefined);
    for (const one of last < 0 ? [] : this.#raw.splice(last)) {
      own.absorb(one);
      this.#withdraw(one);
    }
  }

  #addAccess(line: LogLine, id: number): void {
    const { access } = line;
    if (access === undefined || (access.status < 500 && access.status !== 403)) return;
    if (OWN_PROBE.test(access.target)) return;
    const request = `${access.method} ${access.target}`;
    // Requests that came before may wait for failures that were told meanwhile: they go first.
    this.#settle();
    const open = this.#recent.filter((one) => one.request === null);
    const found = nearest(open, (one) => secondsAfter(one, access.client, access.time));
    if (found) {
      found.request = request;
      found.status = access.status;
      found.stale = true;
      found.lines.push({ id, text: line.text.slice(0, 4096) });
      this.#dirty.add(found);
      return;
    }
    const own = new Occurrence(access.client);
    own.take(line, id);
    own.request = request;
    own.status = access.status;
    own.output.length = 0;
    if (access.status >= 500) own.explain(silentFailure(request, access.status));
    this.#asked.push(own);
    if (this.#asked.length > MOST_ASKED) this.#asked.shift();
    this.#dirty.add(own);
  }

  #settle(): void {
    // Twice: a failed start that is found in the first round explains requests in the second.
    for (let round = 0; round < 2; round++) {
      const dirty = [...this.#dirty];
      this.#dirty.clear();
      for (const one of dirty) this.#place(one);
    }
  }

  #place(own: Occurrence): void {
    this.#joinAccess(own);
    const before = own.headline?.signature;
    const headline = own.settle();
    this.#learnFailing(own, headline, before);
    own.borrowed = this.#borrowedFor(own, headline);
    const shown = own.borrowed ?? headline;
    const group = this.#placed.get(own);
    if (shown === undefined) return group && this.#withdraw(own);
    if (group && group.signature === shown.signature) return touch(group, own);
    if (group) this.#withdraw(own);
    this.#join(own, shown);
  }

  #joinAccess(own: Occurrence): void {
    if (own.client === null || own.request !== null) return;
    const found = nearest(this.#asked, (one) => secondsAfter(own, one.client ?? '', one.last ?? ''));
    if (found === undefined) return;
    this.#asked = this.#asked.filter((one) => one !== found);
    own.request = found.request;
    own.status = found.status;
    own.stale = true;
    own.lines.push(...found.lines);
    this.#withdraw(found);
  }

  #learnFailing(own: Occurrence, headline: Headline | undefined, before: string | undefined): void {
    if (headline === undefined || headline.signature === before || headline.rank <= RANKS.consequence) return;
    if (!own.explanations.some(({ code }) => isStart(code))) return;
    const name = baseName(headline.script ?? '');
    if (name === '') return;
    this.#failing.set(name, own);
    if (this.#failing.size > MOST_OPEN) this.#failing.delete([...this.#failing.keys()][0] ?? '');
    for (const one of this.#recent) if (baseName(one.headline?.script ?? '') === name) this.#dirty.add(one);
  }

  /** A request that fails without a word of its own while its program does not start is part of that failure. */
  #borrowedFor(own: Occurrence, headline: Headline | undefined): Headline | undefined {
    if (headline === undefined || headline.rank > RANKS.consequence || headline.script === null)
      return undefined;
    const lender = this.#failing.get(baseName(headline.script));
    const lent = lender === own ? undefined : lender?.headline;
    if (lender === undefined || lent === undefined) return undefined;
    const window = lender.explanations.some(({ code }) => code.startsWith('fastcgi.'))
      ? FAILING.fastcgi
      : FAILING.fcgid;
    if (distance(lender.last, own.first) > window && distance(lender.first, own.first) > window)
      return undefined;
    return lent;
  }

  #join(own: Occurrence, { signature }: Headline): void {
    const known = this.#groups.get(signature);
    const group = known ?? {
      id: this.#next++,
      signature,
      requests: 0,
      all: 0,
      first: null,
      last: null,
      newest: own,
      clients: [],
    };
    this.#groups.delete(signature);
    this.#groups.set(signature, group);
    group.all += 1;
    if (own.client !== null) group.requests += 1;
    if (compareTimes(own.last, group.last) >= 0 || own.borrowed === undefined) group.newest = own;
    this.#placed.set(own, group);
    touch(group, own);
    if (this.#groups.size > MOST_INCIDENTS) this.#groups.delete([...this.#groups.keys()][0] ?? '');
  }

  #withdraw(own: Occurrence): void {
    const group = this.#placed.get(own);
    this.#dirty.delete(own);
    if (group === undefined) return;
    this.#placed.delete(own);
    group.all -= 1;
    if (own.client !== null) group.requests -= 1;
    if (group.all <= 0) this.#groups.delete(group.signature);
    else if (group.newest === own)
      group.newest = [...this.#placed].findLast(([, one]) => one === group)?.[0] ?? own;
  }
}

function silentFailure(request: string, status: number): Explanation {
  return {
    code: 'access.server-error',
    rank: 'symptom',
    summary: `${request} answered ${status}, and the error log says nothing about it.`,
    cause: 'The program sent this status itself, or the log that tells more is another one.',
    remedy: "Look into the application's own log; or let it write its errors to standard error.",
    fixes: [{ kind: 'rule', target: request.slice(request.indexOf(' ') + 1) }],
  };
}

const isStart = (code: string): boolean =>
  /^(?:fcgid\.died-at-start|fcgid\.exit|fcgid\.spawn-failed|fastcgi\.exited|fastcgi\.exec-failed|fastcgi\.spawn-failed|fastcgi\.back-off|suexec\..*)$/.test(
    code,
  );

/** The access log knows the request already: what comes later over the same kept connection is about another one. */
function isAnswered({ request, last }: Occurrence, { time }: LogLine): boolean {
  return request !== null && distance(last, time) > 2;
}

/** Lines that no table knows and that complain about nothing. */
function isQuiet(line: LogLine): boolean {
  const { level, kind } = line;
  if (isOwnAnswer(line)) return false;
  return kind !== 'apache' || !['emerg', 'alert', 'crit', 'error'].includes(level);
}

/** What lines of one request have in common. */
function keyOf({ client, pid, tid }: LogLine): string {
  return client ?? `${pid ?? ''}:${tid ?? ''}`;
}

/** The incidents of whole lines of text, as they stand in one log. */
export function incidentsIn(lines: readonly string[]): readonly Incident[] {
  const stream = new IncidentStream();
  let before: LogLine | undefined;
  for (const [at, line] of lines.entries()) {
    for (const text of splitGlued(line)) {
      before = parseLogLine(text, before);
      stream.add(before, at);
    }
  }
  return stream.incidents;
}
