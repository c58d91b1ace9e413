import { hostProfile, type HostProfile } from '../../../src/apache/host';
import { memorySite, type MemoryEntry } from '../../../src/apache/memorySite';
import { evaluate } from '../../../src/apache/request';
import type { Outcome } from '../../../src/apache/request/outcome';
import { outcomeAnswer } from '../../../src/cli/explainAnswer';

/** A site and a request to it. */
export interface AskedPair {
  readonly files: Readonly<Record<string, MemoryEntry>>;
  /** Relative to the tree; empty for the tree itself. */
  readonly documentRoot: string;
  readonly request: {
    readonly method?: string;
    readonly target: string;
    readonly headers?: readonly (readonly [string, string])[];
  };
}

/** What `fastcgi explain --batch` says of a pair, but for the trace, with `/site` as the tree. */
export type Answer = Readonly<Record<string, unknown>>;

/** Where the tree lies in answers. */
export const TREE = '/site';

const MIME_TYPES = { html: 'text/html', css: 'text/css', png: 'image/png', txt: 'text/plain' };

/** The environment and the media types that pairs are compared with. */
export const ORACLE_HOST = { environment: { PATH: '/usr/bin' }, mimeTypes: MIME_TYPES };

/** The host of the pairs, its tree at a place. */
export function pairHost(treeRoot = TREE): HostProfile {
  return hostProfile({ ...ORACLE_HOST, treeRoot });
}

/** Evaluates a pair as the host of the pairs. */
export function outcomeOf({ files, documentRoot, request }: AskedPair, host: HostProfile): Outcome {
  const { treeRoot } = host;
  const { method = 'GET', target, headers = [] } = request;
  const named = headers.some(([name]) => name.toLowerCase() === 'host')
    ? headers
    : [...headers, ['Host', 'www.example.test'] as const];
  return evaluate({
    request: { method, target, headers: named },
    site: memorySite(files, { treeRoot }),
    host,
    documentRoot: [treeRoot, documentRoot].filter((part) => part !== '').join('/'),
  });
}

/** The answer to a pair, its tree at `/site`. */
export function answerOf(pair: AskedPair, host: HostProfile): Answer {
  const { treeRoot } = host;
  const answer = outcomeAnswer(answeredByStub(outcomeOf(pair, host)), { treeRoot, trace: false });
  return JSON.parse(JSON.stringify(answer).replaceAll(treeRoot, TREE)) as Answer;
}

/** The outcome with what the recorder sends in place of a program: plain text, unless the type itself chose the handler. */
export function answeredByStub(outcome: Outcome): Outcome {
  const { answer, headersFor, status } = outcome;
  if (answer.kind !== 'handler' || headersFor === undefined) return outcome;
  const contentType = answer.isByType === true ? null : 'text/plain';
  const all = headersFor({ status, contentType, fields: [] });
  const location = all.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? null;
  const headers = all.filter(([name]) => !APACHES_OWN.test(name));
  return { ...outcome, location, headers };
}

/** What directives do to these is overwritten, or told elsewhere. */
const APACHES_OWN =
  /^(?:allow|connection|content-(?:length|range|type)|date|keep-alive|location|server|transfer-encoding|upgrade)$/i;

/** Fields of two answers that differ, one line each. */
export function differencesOf(own: Answer, apache: Answer, width = 300): string[] {
  return Object.keys(apache).flatMap((key) => {
    const [left, right] = [own, apache].map((side) => withoutTime(JSON.stringify(sorted(side[key]))));
    return left === right
      ? []
      : [`    ${key}: Apache ${right?.slice(0, width)}, ours ${left?.slice(0, width)}`];
  });
}

/** When a cookie or a page expires is the one thing that both clocks tell. */
export function withoutTime(text: string | undefined): string | undefined {
  return text?.replaceAll(/expires=[^;"']*|"Expires","\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT"/g, 'expires=');
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** A site of recorded pairs with what Apache answered; one line of `recorded.jsonl.gz`. */
export interface RecordedSite {
  readonly files: AskedPair['files'];
  readonly documentRoot: string;
  readonly asked: readonly { readonly request: AskedPair['request']; readonly answer: Answer }[];
}
