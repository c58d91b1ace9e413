import { lowerCase } from '../../../text/bytes';
import { lookup } from '../../../text/lookup';

/** One element of an Accept header, or a media type with its parameters. */
export interface AcceptEntry {
  /** In lower case. */
  readonly name: string;
  readonly quality: number;
  /** The `level` of HTML. */
  readonly level: number;
  readonly charset: string;
}

const LEVELS: Readonly<Record<string, number>> = {
  'text/html': 2,
  'text/x-server-parsed-html': 2,
  'text/x-server-parsed-html3': 3,
};

/** A q value as Apache reads it: at most three digits behind the point, 1 for what it does not understand (atoq). */
function readQuality(text: string): number {
  if (text === '') return 1;
  const found = /^[ \t\n\v\f\r]*(?:0(?:\.(\d{0,3}))?|\.(\d{0,3}))/.exec(text);
  if (found === null) return 1;
  const digits = found[1] ?? found[2] ?? '';
  return Math.fround(Number(digits.padEnd(3, '0')) / 1000);
}

/** What an element's parameters say. */
interface Parameters {
  quality: number;
  level: number;
  charset: string;
}

function readParameter(text: string, into: Parameters): void {
  const found = /^([^=\s]*)[\s=](?:[\s=]*)(?:"([^"\n\r]*)|(\S*))/.exec(text);
  if (found === null) return;
  const name = found[1]?.toLowerCase() ?? '';
  const value = lowerCase(found[2] ?? found[3] ?? '');
  if (name === 'q' || name === 'qs') into.quality = readQuality(value);
  else if (name === 'level') into.level = Number.parseInt(value, 10) || 0;
  else if (name === 'charset') into.charset = value;
}

/** A token up to a separator; quoted strings hide separators (ap_get_token). */
const TOKEN = /^[ \t\n\v\f\r]*((?:[^;,\s"]|"[^"]*(?:"|$))*)[ \t\n\v\f\r]*/;
const PARAMETER = /^;[ \t\n\v\f\r]*((?:[^;,"]|"[^"]*(?:"|$))*)/;

function readEntry(text: string): { readonly entry: AcceptEntry; readonly rest: string } {
  const token = TOKEN.exec(text);
  const name = lowerCase(token?.[1] ?? '');
  const parameters: Parameters = { quality: 1, level: lookup(LEVELS, name) ?? 0, charset: '' };
  let rest = text.slice(token?.[0].length ?? 0);
  for (let found = PARAMETER.exec(rest); found !== null; found = PARAMETER.exec(rest)) {
    readParameter(found[1] ?? '', parameters);
    rest = rest.slice(found[0].length);
  }
  return { entry: { name, ...parameters }, rest: rest.replace(/^,/, '') };
}

/** A media type with its parameters. */
export function readMediaType(text: string): AcceptEntry {
  return readEntry(text).entry;
}

/** The elements of an Accept, Accept-Language, Accept-Charset or Accept-Encoding header; undefined without header. */
export function readAccept(header: string | undefined): readonly AcceptEntry[] | undefined {
  if (header === undefined) return undefined;
  const entries: AcceptEntry[] = [];
  for (let left = header; left !== '';) {
    const { entry, rest } = readEntry(left);
    entries.push(entry);
    // Without progress Apache would read the same place for ever; no header gets it there.
    if (rest.length >= left.length) break;
    left = rest;
  }
  return entries;
}
