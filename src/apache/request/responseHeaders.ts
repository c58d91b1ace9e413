import { lowerCase } from '../../text/bytes';
import { md5Hex, sha1Hex } from '../expr/digest';
import { core } from '../modules/core';
import { ETAG, etagParts, NO_ETAG } from '../modules/core/etag';
import { contentTypeWithCharset } from './handlers';
import type { Answer } from './outcome';
import type { RequestRecord } from './record';
import { Table } from './table';
import { httpDate } from '../../text/httpDate';

type Headers = readonly (readonly [name: string, value: string])[];

/** Headers that Apache gives every response; what a directive does to them is overwritten, or told elsewhere. */
const APACHES_OWN: ReadonlySet<string> = new Set([
  'content-length',
  'content-range',
  'content-type',
  'date',
  'server',
]);

/**
 * What the default handler says of a file before directives change it: its validators (ap_set_etag, ap_set_last_modified).
 * A file whose time the site does not know counts as one of 1970.
 */
export function setFileHeaders(r: RequestRecord): void {
  const { mtime = 0 } = r.finfo ?? {};
  r.modified = mtime;
  r.usualHeaders = [
    ['Last-Modified', httpDate(mtime * 1000)],
    ['ETag', etagOf(r, ETAG.size | ETAG.mtime)],
    ['Accept-Ranges', 'bytes'],
  ];
  for (const [name, value] of r.usualHeaders) r.headersOut.set(name, value);
  const config = r.perDirConfig.get(core);
  const parts = etagParts(config?.etag ?? NO_ETAG);
  const etag = etagOf(r, parts);
  if (parts !== ETAG.unset) r.fileEtag = etag === '' ? null : etag;
  if (etag === '') {
    r.headersOut.unset('ETag');
    r.notes.set('no-etag', 'omit');
  } else r.headersOut.set('ETag', etag);
  if (config?.contentDigest === true) r.headersOut.set('Content-MD5', base64OfHex(md5Hex(contentOf(r))));
}

/** The ETag that FileETag asks for; empty for none. Where the site does not know the number of a file on its disk, it counts as 0. */
function etagOf(r: RequestRecord, asked: number): string {
  const bits = asked === ETAG.unset ? ETAG.size | ETAG.mtime : asked;
  if ((bits & ETAG.digest) !== 0) return `"${base64OfHex(sha1Hex(contentOf(r)))}"`;
  if ((bits & ETAG.none) !== 0) return '';
  const { mtime = 0, size = 0, inode = 0 } = r.finfo ?? {};
  const parts = [
    ...((bits & ETAG.inode) === 0 ? [] : [inode.toString(16)]),
    ...((bits & ETAG.size) === 0 ? [] : [size.toString(16)]),
    ...((bits & ETAG.mtime) === 0 ? [] : [Math.round(mtime * 1e6).toString(16)]),
  ];
  return `"${parts.join('-')}"`;
}

function contentOf(r: RequestRecord): string {
  const file = r.site.read(r.filename ?? '');
  return typeof file === 'object' ? file.content : '';
}

const base64OfHex = (hex: string): string =>
  btoa(hex.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));

/** The answer after directives had their turn at the content type. */
export function withFinalType(r: RequestRecord, answer: Answer): Answer {
  if (answer.kind !== 'file' && answer.kind !== 'listing') return answer;
  const contentType = (r.contentType === null ? inTables(r) : contentTypeWithCharset(r)) ?? null;
  return answer.kind === 'listing' && contentType === LISTING_TYPE ? answer : { ...answer, contentType };
}

/** Of mod_autoindex's listings. */
export const LISTING_TYPE = 'text/html;charset=ISO-8859-1';

/** Puts encoding and languages of the content, and the headers for errors, in the place of what directives made of them (ap_http_header_filter). */
export function setContentHeaders(r: RequestRecord): void {
  r.headersOut = Table.overlay(r.headersOut, r.errHeadersOut);
  r.errHeadersOut = new Table();
  dropForbidden(r);
  if (r.contentEncoding !== null) r.headersOut.set('Content-Encoding', r.contentEncoding);
  if (r.contentLanguages.length === 0) return;
  const languages = [...r.contentLanguages];
  const written = (r.headersOut.get('Content-Language') ?? '').split(',').map((part) => part.trim());
  for (const language of written) {
    const isNew = languages.every((known) => lowerCase(known) !== lowerCase(language));
    if (language !== '' && isNew) languages.push(language);
  }
  r.headersOut.set('Content-Language', languages.join(','));
}

/** What forbids an ETag, as FileETag None, also forbids one that `Header` has set; `force-no-vary` forbids Vary. */
export function dropForbidden(r: RequestRecord): void {
  if (r.notes.get('no-etag') !== undefined) drop(r, 'ETag');
  if (r.env.get('force-no-vary') === undefined) return;
  drop(r, 'Vary');
  // The program has had its environment when its answer is sent.
  if (r.program !== 'unknown') r.env.set('force-response-1.0', '1');
}

/** Takes a header out of both tables. */
export function drop(r: RequestRecord, name: string): void {
  r.headersOut.unset(name);
  r.errHeadersOut.unset(name);
}

const inTables = (r: RequestRecord): string | undefined =>
  r.errHeadersOut.get('Content-Type') ?? r.headersOut.get('Content-Type');

/** The headers of the response that directives set or changed: first those for errors, as Apache puts the two tables together. */
export function changedHeaders(r: RequestRecord): Headers {
  const all = [...r.errHeadersOut.entries(), ...r.headersOut.entries()];
  return all.filter(([name, value]) => {
    const key = name.toLowerCase();
    return (
      !APACHES_OWN.has(key) &&
      !r.usualHeaders.some((usual) => usual[0].toLowerCase() === key && usual[1] === value)
    );
  });
}

/**
 * All headers as they leave, but those that Apache writes anew before it looks at their values: the length, and the type that
 * the content has.
 */
export function sentHeaders(r: RequestRecord): Headers {
  const rewritten = r.contentType === null && r.program !== 'unknown' ? LENGTH : LENGTH_AND_TYPE;
  const all = [...r.headersOut.entries(), ...r.errHeadersOut.entries()];
  const kept = all.filter(([name]) => !rewritten.test(name));
  return uniqueVary(r.contentType === null ? kept : [...kept, ['Content-Type', r.contentType]]);
}

const LENGTH = /^content-length$/i;
const LENGTH_AND_TYPE = /^content-(?:length|type)$/i;

/** Each name once in Vary, in one header, as Apache sends it (fixup_vary). */
export function uniqueVary(headers: Headers): Headers {
  const isVary = ([name]: Headers[number]): boolean => name.toLowerCase() === 'vary';
  const names = headers
    .filter(isVary)
    .flatMap(([, value]) => value.split(/[\s,]+/).filter((part) => part !== ''));
  if (names.length === 0) return headers;
  const unique = new Map<string, string>();
  for (const name of names) if (!unique.has(lowerCase(name))) unique.set(lowerCase(name), name);
  const first = headers.findIndex(isVary);
  return headers.flatMap((header, at) =>
    isVary(header) ? (at === first ? [['Vary', [...unique.values()].join(',')] as const] : []) : [header],
  );
}
