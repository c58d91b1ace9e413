import type { Incident } from './incident';
import type { Occurrence } from './occurrence';
import { addressOf } from './timing';

const MOST_CLIENTS = 5;

/** Occurrences of the same failure. */
export interface Group {
  readonly id: number;
  readonly signature: string;
  /** Occurrences with a client, and all. */
  requests: number;
  all: number;
  first: string | null;
  last: string | null;
  newest: Occurrence;
  readonly clients: string[];
}

/** Takes the times and the client of an occurrence into its group. */
export function touch(group: Group, { first, last, client }: Occurrence): void {
  if (first !== null && (group.first === null || first < group.first)) group.first = first;
  if (last !== null && (group.last === null || last > group.last)) group.last = last;
  const address = client === null ? null : addressOf(client);
  if (address === null || group.clients.includes(address)) return;
  group.clients.unshift(address);
  group.clients.length = Math.min(group.clients.length, MOST_CLIENTS);
}

/** The incident that a group stands for; undefined while nothing of it is told. */
export function incidentOf(group: Group): Incident | undefined {
  const { newest } = group;
  const told = newest.borrowed ?? newest.headline;
  if (told === undefined) return undefined;
  const own = newest.headline ?? told;
  const also = [...new Set([...told.also, ...(own === told ? [] : [own.summary, ...own.also])])];
  const { code, severity, summary, cause, remedy, script, traceback, place } = told;
  return {
    id: group.id,
    code,
    severity,
    summary,
    cause,
    remedy,
    script,
    traceback,
    place,
    also: also.filter((one) => one !== summary),
    fixes: uniqueFixes([...told.fixes, ...own.fixes]),
    request: newest.request,
    status: newest.status,
    count: group.requests > 0 ? group.requests : group.all,
    first: group.first,
    last: group.last,
    clients: [...group.clients],
    lines: newest.lines,
  };
}

function uniqueFixes(fixes: Incident['fixes']): Incident['fixes'] {
  const texts = fixes.map((one) => JSON.stringify(one));
  return fixes.filter((_, at) => texts.indexOf(texts[at] ?? '') === at);
}
