import * as path from 'node:path';
import type { HttpRequest, Outcome } from '../../apache/request/outcome';
import type { RequestRecord } from '../../runner';
import { byteStringOfText, textOfByteString } from '../../text/bytes';
import { formatCase, originsOf, recordCase, type Observation, type WrittenCase } from '../../urls';
import type { HostProfile } from '../../apache/host';

/** Where a test is recorded, and with what. Paths are of this machine. */
export interface RecordTarget {
  /** The folder of the `*.urls` file. */
  readonly folder: string;
  readonly documentRoot: string;
  readonly host: HostProfile;
  /** What would come of a request with these headers only. */
  readonly evaluate: (request: HttpRequest) => Outcome;
}

/** Headers that every browser sends, or that belong to the connection: a test does not need them. */
const USUAL =
  /^(?:host|connection|keep-alive|content-length|transfer-encoding|expect|cache-control|pragma|if-.*|sec-.*|upgrade-insecure-requests|origin|dnt|priority)$/i;

/** The line of a `*.urls` file that expects what came of a request; undefined where nothing was evaluated. */
export function testLineOf(record: RequestRecord, target: RecordTarget): string | undefined {
  const { outcome } = record;
  if (outcome === null) return undefined;
  const written = writtenCase(record, outcome, { headers: neededHeaders(record, outcome, target), target });
  return formatCase(written);
}

function writtenCase(
  record: RequestRecord,
  outcome: Outcome,
  { headers, target }: { readonly headers: readonly Header[]; readonly target: RecordTarget },
): WrittenCase {
  const request = {
    method: record.method,
    url: textOfByteString(record.target),
    headers: headers.map(([name, value]) => ({ name, value: textOfByteString(value) })),
  };
  const place = {
    documentRoot: byteStringOfText(target.documentRoot),
    folder: byteStringOfText(target.folder),
  };
  const recorded = recordCase(request, observationOf(record, outcome, target.host), place);
  // A program decides on its status itself: only a running site can be compared with it.
  const isOwnStatus = record.dispatcher !== null && outcome.status === 200 && record.status !== 200;
  if (!isOwnStatus || record.cut) return recorded;
  return { ...recorded, expectation: { ...recorded.expectation, status: record.status } };
}

function observationOf(record: RequestRecord, outcome: Outcome, host: HostProfile): Observation {
  const { method, target, requestHeaders: headers } = record;
  const variables = { ...outcome.env, ...Object.fromEntries(record.environment) };
  return { outcome, variables, origins: originsOf({ method, target, headers }, host) };
}

type Header = readonly [name: string, value: string];

/** As few headers as lead to the same outcome: none, one, or all that are not usual. */
function neededHeaders(record: RequestRecord, outcome: Outcome, target: RecordTarget): readonly Header[] {
  const host = record.requestHeaders.filter(([name]) => name.toLowerCase() === 'host');
  const candidates = record.requestHeaders.filter(([name]) => !USUAL.test(name));
  const wanted = essence(outcome);
  const leadsThere = (headers: readonly Header[]): boolean => {
    const { method, target: url, protocol } = record;
    return (
      essence(target.evaluate({ method, target: url, protocol, headers: [...host, ...headers] })) === wanted
    );
  };
  if (leadsThere([])) return [];
  const alone = candidates.find((header) => leadsThere([header]));
  return alone === undefined ? candidates : [alone];
}

/** What a test compares. */
function essence({ status, location, answer, uri, pathInfo, query }: Outcome): string {
  return JSON.stringify([status, location, answer, uri, pathInfo, query]);
}

/**
 * The `*.urls` file that a test belongs into: the first of the nearest folder from `from` up to `top` that has one; else a new
 * one in `from`. `list` gives the names in a folder.
 */
export function nearestUrlsFile(
  from: string,
  top: string,
  list: (folder: string) => readonly string[],
): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const [first] = list(folder)
      .filter((name) => name.endsWith('.urls'))
      .sort();
    if (first !== undefined) return path.join(folder, first);
    if (folder === top || path.dirname(folder) === folder) return path.join(from, 'site.urls');
  }
}
