import type { RequestRecord } from './record';
import type { Table } from './table';

type Headers = readonly (readonly [name: string, value: string])[];

/** What a program sends before the content of its answer. All texts are byte strings. */
export interface ProgramHead {
  /** That of the request where the program names none. */
  readonly status: number;
  /** Null where it names none. */
  readonly contentType: string | null;
  /** All others but Status; several of one name where each is sent. */
  readonly fields: Headers;
}

const OF_ANSWER: ReadonlySet<string> = new Set([
  'content-type',
  'location',
  'content-length',
  'content-range',
  'transfer-encoding',
  'etag',
  'last-modified',
]);

/**
 * True for the headers of a CGI or FastCGI program that Apache keeps with its answer, where `Header onsuccess` finds them; all others
 * are kept with those of `Header always` (util_script.c).
 */
export function isKeptWithAnswer(name: string): boolean {
  return OF_ANSWER.has(name.toLowerCase());
}

/** Makes a program's head that of the answer. */
export function takeHead(r: RequestRecord, { status, contentType, fields }: ProgramHead): void {
  r.program = 'known';
  r.status = status;
  r.contentType = contentType ?? r.contentType;
  takeFields(r, fields);
}

/** Puts a program's fields where Apache keeps them (ap_scan_script_header_err_core). */
export function takeFields(r: RequestRecord, fields: Headers): void {
  const before = r.errHeadersOut.copy();
  for (const [name, value] of fields) {
    if (isKeptWithAnswer(name)) r.headersOut.set(name, value);
    else addField(r.errHeadersOut, { name, value, isKnown: before.get(name) !== undefined });
  }
}

/** Where there is one already, values are joined, but for cookies. */
function addField(
  table: Table,
  { name, value, isKnown }: { readonly name: string; readonly value: string; readonly isKnown: boolean },
): void {
  if (isKnown && name.toLowerCase() !== 'set-cookie') table.merge(name, value);
  else table.add(name, value);
}
