import { evaluateExpr, type Expr } from '../../expr';
import { patchOf } from '../../host';
import { parseAprUri, unparseWithoutQuery } from '../../request/aprUri';
import { exprContext } from '../../request/exprContext';
import type { HookResult } from '../../request/hooks';
import type { RequestRecord } from '../../request/record';
import { onlyChanges, type TraceEvent } from '../../request/trace';
import { escapeUri } from '../../request/uri';
import { constructUrl } from '../../request/url';
import { isUrl } from '../core/errorDocument';
import type { Origin } from '../define';
import { groupTexts, substituteGroups } from '../groups';
import type { AliasConfig, RedirectEntry } from './config';
import { isRedirectStatus } from './parse';

/** ap_pregsub's limit (AP_PREGSUB_MAXLEN). */
const LONGEST = 65_536;

/** A redirect that applies: its status and target, '' for none. */
interface Found {
  readonly status: number;
  readonly target: string;
  readonly origin: Origin;
  readonly directive: string;
  readonly args: string;
}

/** Redirects the request where an entry of its folders says so (fixup_redir). */
export function redirectFixup(r: RequestRecord, config: AliasConfig | undefined): HookResult {
  if (config === undefined) return 'declined';
  const found = redirectForAll(r, config) ?? firstOfList(r, config.redirects);
  if (found === undefined) return 'declined';
  if (found === 'failed') return 500;
  const { status } = found;
  if (status === 0) return 'ok';
  const result = isRedirectStatus(status) ? sendTo(r, config, found) : status;
  traceRedirect(r, found);
  return result;
}

function traceRedirect(r: RequestRecord, { status, target, origin, directive, args }: Found): void {
  if (!r.isTracing) return;
  const location = isRedirectStatus(status) ? r.headersOut.get('Location') : undefined;
  r.addTrace({
    module: 'mod_alias',
    text: `Redirect ${status} ${target}`.trimEnd(),
    ...origin,
    event: {
      directive,
      args,
      result: 'applied',
      changes: onlyChanges([
        { what: 'status', after: String(status) },
        location === undefined ? undefined : { what: 'location', after: location },
      ]),
    },
  });
}

function redirectForAll(r: RequestRecord, { all }: AliasConfig): Found | 'failed' | undefined {
  if (all === undefined) return undefined;
  const target = all.target === undefined ? '' : targetOf(r, all.target);
  return target === undefined ? 'failed' : { ...all, target };
}

function targetOf(r: RequestRecord, expr: Expr): string | undefined {
  const result = evaluateExpr(expr, exprContext(r), { patch: patchOf(r.host) });
  if (result.problem === undefined) return escapeTarget(String(result.value));
  r.logError(`AH02826: Can't evaluate redirect expression: ${result.problem}`);
  return undefined;
}

/** Escapes a URL but for its query and fragment. */
function escapeTarget(target: string): string {
  const uri = parseAprUri(target);
  const query = uri.query === undefined ? '' : `?${uri.query}`;
  const fragment = uri.fragment === undefined ? '' : `#${uri.fragment}`;
  return `${escapeUri(unparseWithoutQuery(uri))}${query}${fragment}`;
}

function firstOfList(r: RequestRecord, entries: readonly RedirectEntry[]): Found | 'failed' | undefined {
  for (const entry of entries) {
    const target = matchEntry(r, entry);
    if (target === 'failed') return 'failed';
    if (target !== undefined) return { ...entry, target };
  }
  return undefined;
}

function matchEntry(r: RequestRecord, entry: RedirectEntry): string | undefined {
  const { from, target } = entry;
  if (from.kind === 'path') {
    const length = matchedLength(r.uri, from.path);
    traceTest(r, entry, length > 0 ? [r.uri.slice(0, length)] : undefined);
    return length === 0 ? undefined : (target ?? '') + escapeUri(r.uri.slice(length));
  }
  const match = from.regex.exec(r.uri);
  const isMatch = match !== null && match !== 'limit';
  traceTest(r, entry, isMatch && r.isTracing ? groupTexts({ subject: r.uri, match }) : undefined);
  if (!isMatch) return undefined;
  if (target === undefined) return '';
  const substituted = substituteGroups(target, { subject: r.uri, match });
  if (substituted.length < LONGEST) return escapeTarget(substituted);
  r.logError(`AH00672: Regex substitution in '${target}' failed. Replacement too long?`);
  return 'failed';
}

function traceTest(
  r: RequestRecord,
  { from, origin, directive, args }: RedirectEntry,
  captures: TraceEvent['captures'],
): void {
  if (!r.isTracing) return;
  const result = captures === undefined ? 'not matched' : 'matched';
  const pattern = from.kind === 'path' ? from.path : from.pattern;
  r.addTrace({
    module: 'mod_alias',
    text: `${directive} ${pattern} ${result}: '${r.uri}'`,
    ...origin,
    event: {
      directive,
      args,
      result,
      comparison: { subject: r.uri, pattern },
      ...(captures === undefined ? {} : { captures }),
    },
  });
}

/** How much of the path the entry's path covers, by whole segments, runs of slashes being equal; 0 for no match (alias_matches). */
export function matchedLength(uri: string, path: string): number {
  let at = 0;
  for (const [part] of path.matchAll(/\/+|[^/]/gs)) {
    if (uri[at] !== part[0]) return 0;
    at += 1;
    if (part[0] === '/') while (uri[at] === '/') at += 1;
  }
  const isWhole = path.endsWith('/') || at >= uri.length || uri[at] === '/';
  return isWhole ? at : 0;
}

function sendTo(r: RequestRecord, config: AliasConfig, { status, target }: Found): HookResult {
  let url = target;
  if (config.relative !== true || !url.startsWith('/')) {
    if (url.startsWith('/')) url = constructUrl(r, url);
    if (!isUrl(url)) {
      r.logError(
        `AH00676: cannot redirect '${r.uri}' to '${url}'; target is not a valid absoluteURI or abs_path`,
      );
      return 500;
    }
  }
  if (r.args !== null && !url.includes('?')) url += `?${r.args}`;
  r.headersOut.set('Location', url);
  return status;
}
