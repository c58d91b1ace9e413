import { evaluateExpr } from '../expr';
import { patchOf } from '../host';
import { core } from '../modules/core';
import { mod_filter, type FilterProvider } from '../modules/mod_filter';
import { isOutputFilter } from '../modules/outputFilters';
import { exprContext } from './exprContext';
import type { HookResult } from './hooks';
import type { RequestRecord } from './record';

/** A filter that compresses: its name in Accept-Encoding, the variable that forbids it, and the length up to which it is not worth while. */
interface Compression {
  readonly encoding: string;
  readonly forbidden: string;
  readonly tooShort: number;
}

/** Longest answer that mod_deflate leaves as it is: gzip's header and trailer, and what the headers cost. */
const NOT_WORTH_GZIP = 68;

const COMPRESSIONS: ReadonlyMap<string, Compression> = new Map([
  ['deflate', { encoding: 'gzip', forbidden: 'no-gzip', tooShort: NOT_WORTH_GZIP }],
  ['brotli_compress', { encoding: 'br', forbidden: 'no-brotli', tooShort: -1 }],
]);

/** Changes the headers as the filters do through which the answer goes. What a script sends is not known, so scripts are left out. */
export function runOutputFilters(r: RequestRecord): HookResult {
  if (r.program !== undefined) return 'declined';
  for (const name of filtersOf(r)) {
    const compression = COMPRESSIONS.get(name);
    if (compression !== undefined && isOutputFilter(name, r.host.modules)) compress(r, compression);
  }
  return 'ok';
}

const split = (names: string): string[] => names.toLowerCase().split(';');

function filtersOf(r: RequestRecord): string[] {
  const fixed = r.perDirConfig.get(core)?.outputFilters ?? '';
  return [...r.outputFilters.flatMap(split), ...split(fixed), ...chainOf(r)];
}

/** The providers that mod_filter's chain chooses; documents for errors only pass where a variable asks for it. */
function chainOf(r: RequestRecord): string[] {
  if (r.status !== 200 && r.env.get('filter-errordocs') === undefined) return [];
  const config = r.perDirConfig.get(mod_filter);
  return (config?.chain ?? []).flatMap((name) => {
    const provider = config?.filters.get(name ?? '')?.find(({ when }) => isTaken(r, when));
    return provider === undefined ? [] : [provider.filter];
  });
}

function isTaken(r: RequestRecord, when: FilterProvider['when']): boolean {
  if ('types' in when) {
    const type = /^[^; \t]*/.exec(r.contentType ?? '')?.[0] ?? '';
    return r.contentType !== null && when.types.includes(type);
  }
  const result = evaluateExpr(when.expr, exprContext(r), { patch: patchOf(r.host) });
  for (const name of result.vary) r.headersOut.merge('Vary', name);
  return result.problem === undefined && result.value === true;
}

/** mod_deflate and mod_brotli, as far as headers go. */
function compress(r: RequestRecord, { encoding, forbidden, tooShort }: Compression): void {
  if (r.main !== null || r.env.get(forbidden) !== undefined) return;
  if (lengthOf(r) <= tooShort) return;
  if (encoding === 'gzip' && r.env.get('gzip-only-text/html') === '1' && !isHtml(r)) return;
  if (isEncoded(r)) return;
  r.headersOut.merge('Vary', 'Accept-Encoding');
  const isForced = encoding === 'gzip' && r.env.get('force-gzip') !== undefined;
  if (!isForced && !isAccepted(r.headersIn.get('Accept-Encoding') ?? '', encoding)) return;
  r.headersOut.set('Content-Encoding', encoding);
  if (r.contentEncoding !== null) r.contentEncoding = encoding;
  markETag(r, encoding === 'gzip' ? '-gzip' : '-br');
}

/** Bytes of the answer; a listing is always long enough. */
function lengthOf(r: RequestRecord): number {
  if (r.method === 'OPTIONS') return 0;
  return r.finfo?.kind === 'directory' ? Infinity : (r.finfo?.size ?? 0);
}

const isHtml = (r: RequestRecord): boolean => r.contentType?.startsWith('text/html') ?? false;

function isEncoded(r: RequestRecord): boolean {
  const written = [r.headersOut, r.errHeadersOut].map((headers) => headers.get('Content-Encoding') ?? '');
  const encodings = [...written, r.contentEncoding ?? ''].flatMap((text) => text.split(/[\s,;]+/));
  return encodings.some((name) => !['', 'identity', '7bit', '8bit', 'binary'].includes(name));
}

/** True when an Accept-Encoding header names the encoding, but not with q=0. */
function isAccepted(header: string, encoding: string): boolean {
  for (const element of header.split(',')) {
    const [name = '', ...parameters] = element.split(';').map((part) => part.trim());
    if (name === '') return false;
    if (name.toLowerCase() === encoding) return !/^q=0(?:\.0{0,3})?$/.test(parameters[0] ?? '');
  }
  return false;
}

/** The ETag tells the compressed answer from the plain one; for us it stays what Apache sends by itself. */
function markETag(r: RequestRecord, suffix: string): void {
  const etag = r.headersOut.get('ETag');
  if (etag === undefined || !etag.endsWith('"')) return;
  const marked = `${etag.slice(0, -1)}${suffix}"`;
  r.headersOut.set('ETag', marked);
  r.usualHeaders = r.usualHeaders.map(([name, value]) => [
    name,
    name === 'ETag' && value === etag ? marked : value,
  ]);
}
