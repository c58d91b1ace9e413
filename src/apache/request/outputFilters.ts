import { evaluateExpr } from '../expr';
import { patchOf } from '../host';
import { core } from '../modules/core';
import { mod_filter, type FilterProvider } from '../modules/mod_filter';
import { parseIncludes, prepareIncludes } from '../modules/mod_include';
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

/**
 * Changes the headers as the filters do through which the answer goes. Of what a program sends neither length nor type is known: what
 * depends on them is said to be not certain.
 */
export function runOutputFilters(r: RequestRecord): HookResult {
  if (r.program === 'unknown') noteProgram(r);
  const names = [...namedFilters(r), ...chosenFilters(r)];
  // Comes before all that compress, whatever the order of the names.
  if (names.includes('includes') && isOutputFilter('includes', r.host.modules)) parseIncludes(r);
  for (const name of names) {
    const compression = COMPRESSIONS.get(name);
    if (!isOutputFilter(name, r.host.modules)) continue;
    if (compression !== undefined) compress(r, compression);
  }
  return 'ok';
}

const FILTERING = ['AddOutputFilterByType', 'SetOutputFilter', 'AddOutputFilter', 'FilterProvider'];

function noteProgram(r: RequestRecord): void {
  const possible = possibleFilters(r).filter((name) => isOutputFilter(name, r.host.modules));
  const name = possible.find((one) => COMPRESSIONS.has(one));
  if (name === undefined || r.env.get(COMPRESSIONS.get(name)?.forbidden ?? '') !== undefined) return;
  const names = (args: string): boolean => args.toLowerCase().includes(name);
  const use = FILTERING.map((directive) => r.perDirConfig.lastUse(directive, names)).find((one) => one);
  if (use !== undefined) r.noteUnknown(use, 'what the program sends decides whether it is compressed');
}

/** What filters do before the handler begins (ap_invoke_filter_init): in a chain all providers, whichever will be chosen. */
export function prepareOutputFilters(r: RequestRecord): void {
  if (possibleFilters(r).includes('includes') && isOutputFilter('includes', r.host.modules))
    prepareIncludes(r);
}

const split = (names: string): string[] =>
  names
    .toLowerCase()
    .split(';')
    .filter((name) => name !== '');

/** Those of the file's extensions and of SetOutputFilter. */
function namedFilters(r: RequestRecord): string[] {
  const fixed = r.perDirConfig.get(core)?.outputFilters ?? '';
  return [...r.outputFilters.flatMap(split), ...split(fixed)];
}

/** The providers of each filter of mod_filter's chain; documents for errors only pass where a variable asks for it. */
function chainOf(r: RequestRecord): (readonly FilterProvider[])[] {
  if (r.status !== 200 && r.env.get('filter-errordocs') === undefined) return [];
  const config = r.perDirConfig.get(mod_filter);
  return (config?.chain ?? []).map((name) => config?.filters.get(name ?? '') ?? []);
}

/** All that may be chosen, in lower case. */
export const possibleFilters = (r: RequestRecord): string[] => [
  ...namedFilters(r),
  ...chainOf(r).flatMap((providers) => providers.map(({ filter }) => filter)),
];

/** The providers that the chain chooses. */
const chosenFilters = (r: RequestRecord): string[] =>
  chainOf(r).flatMap((providers) => providers.find(({ when }) => isTaken(r, when))?.filter ?? []);

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
  if (r.main !== null || r.status === 204 || r.env.get(forbidden) !== undefined) return;
  if (lengthOf(r) <= tooShort) return;
  if (encoding === 'gzip' && r.env.get('gzip-only-text/html') === '1' && !isHtml(r)) return;
  if (isEncoded(r)) return;
  r.headersOut.merge('Vary', 'Accept-Encoding');
  const isForced = encoding === 'gzip' && r.env.get('force-gzip') !== undefined;
  // Who sends the content itself sends it as it is.
  if (r.evaluation.leavesContent) return;
  if (!isForced && !isAccepted(r.headersIn.get('Accept-Encoding') ?? '', encoding)) return;
  r.headersOut.set('Content-Encoding', encoding);
  if (r.contentEncoding !== null) r.contentEncoding = encoding;
  markETag(r, encoding === 'gzip' ? '-gzip' : '-br');
}

/** Bytes of the answer, 0 where a program gives it; a listing is always long enough, and what comes in pieces. */
function lengthOf(r: RequestRecord): number {
  if (r.method === 'OPTIONS' || r.hasNoContent || r.program !== undefined) return 0;
  return r.isInPieces || r.finfo?.kind === 'directory' ? Infinity : (r.finfo?.size ?? 0);
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
