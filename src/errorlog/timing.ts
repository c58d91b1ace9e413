import { secondsOf } from './clock';
import type { Occurrence } from './occurrence';

/** Seconds between a line of a request and the entry in the access log, which has the time when the request came. */
export const LONGEST_REQUEST = 600;

/** The address of a client without its port. */
export function addressOf(client: string): string {
  const at = client.lastIndexOf(':');
  return at < 0 || client.indexOf(':') !== at ? client.replace(/^\[(.*)\]:\d+$/, '$1') : client.slice(0, at);
}

/** Seconds between two times of the same server; infinite where one is missing. */
export function distance(one: string | null, other: string | null): number {
  if (one === null || other === null) return one === other ? 0 : Infinity;
  return Math.abs(secondsOf(one) - secondsOf(other));
}

/** Seconds from the time of a request to the first line about it; undefined where they cannot belong together. */
export function secondsAfter(
  { client, began }: Occurrence,
  address: string,
  time: string,
): number | undefined {
  if (client === null || began === null || addressOf(client) !== address) return undefined;
  const passed = secondsOf(began) - secondsOf(time);
  // An access log has whole seconds, and a program takes its time to start: what is this close is told apart by the order alone.
  return passed >= -1 && passed <= LONGEST_REQUEST ? Math.max(0, passed - 2) : undefined;
}

/** The one that is closest; of equally close ones the first: both logs are in the order of time. */
export function nearest<One>(
  all: readonly One[],
  distanceOf: (one: One) => number | undefined,
): One | undefined {
  let best: One | undefined;
  let least = Infinity;
  for (const one of all) {
    const passed = distanceOf(one);
    if (passed === undefined || passed >= least) continue;
    best = one;
    least = passed;
  }
  return best;
}

/** For sorting; a missing time is before all others. */
export function compareTimes(one: string | null, other: string | null): number {
  return (one ?? '') < (other ?? '') ? -1 : (one ?? '') > (other ?? '') ? 1 : 0;
}
