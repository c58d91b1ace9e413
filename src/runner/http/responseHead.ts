import { httpDate } from '../../text/httpDate';

/** A header field; byte strings. */
export type Field = readonly [name: string, value: string];

/** All that the head of an answer is made of. */
export interface HeadFacts {
  readonly status: number;
  readonly reason: string;
  /** Of the Server field. */
  readonly server: string;
  readonly fields: readonly Field[];
  /** How the body is coded already; empty for not at all. */
  readonly coding: string;
  /** The body is chunked as well. */
  readonly isChunked: boolean;
  /** It answers HEAD. */
  readonly isHead: boolean;
  /** Fields that say whether the connection goes on, line by line. */
  readonly connection: string;
}

/** The head that was made last, and of what: a server mostly says the same again. */
let last: { readonly facts: HeadFacts; readonly date: string; readonly bytes: Buffer } | undefined;

/** The head of an answer as it goes out. */
export function headBytes(facts: HeadFacts): Buffer {
  const date = dateNow();
  if (last === undefined || last.date !== date || !isSame(last.facts, facts))
    last = { facts, date, bytes: Buffer.from(headText(facts, date), 'latin1') };
  return last.bytes;
}

function isSame(one: HeadFacts, other: HeadFacts): boolean {
  return (
    one.fields === other.fields &&
    one.status === other.status &&
    one.reason === other.reason &&
    one.isChunked === other.isChunked &&
    one.isHead === other.isHead &&
    one.connection === other.connection &&
    one.server === other.server &&
    one.coding === other.coding
  );
}

function headText(facts: HeadFacts, date: string): string {
  const { status, reason, server, fields, coding, isChunked, isHead, connection } = facts;
  let text = `HTTP/1.1 ${status} ${reason}\r\nDate: ${date}\r\nServer: ${server}\r\n`;
  for (const field of fields)
    if (!(coding === '' ? isHead && isEmptyLength(field) : isFraming(field)) && !isConnection(field))
      text += `${field[0]}: ${field[1]}\r\n`;
  if (coding !== '') text += `Transfer-Encoding: ${coding}${isChunked ? ', chunked' : ''}\r\n`;
  else if (isChunked) text += 'Transfer-Encoding: chunked\r\n';
  return `${text}${withConnectionOf(fields, connection)}\r\n`;
}

/** What the answer itself says of the connection, and behind it what the server does. */
function withConnectionOf(fields: readonly Field[], connection: string): string {
  if (!fields.some(isConnection)) return connection;
  const own = fields.filter(isConnection).map(([, value]) => value);
  const [, before = '', said] = /^([^]*)Connection: (.*)\r\n$/.exec(connection) ?? [];
  return `${before}Connection: ${[...own, ...(said === undefined ? [] : [said])].join(', ')}\r\n`;
}

const isConnection = ([name]: Field): boolean => name.length === 10 && name.toLowerCase() === 'connection';

export const isContentLength = ([name]: Field): boolean =>
  name.length === 14 && name.toLowerCase() === 'content-length';

/** Apache leaves a length of 0 out of the answer to HEAD: it may just not know the body. */
const isEmptyLength = (field: Field): boolean => field[1] === '0' && isContentLength(field);

const isTransferEncoding = ([name]: Field): boolean =>
  name.length === 17 && name.toLowerCase() === 'transfer-encoding';

/** A length does not count beside a coding. */
const isFraming = (field: Field): boolean => isContentLength(field) || isTransferEncoding(field);

/** How a program has coded its body by itself; empty where it has not. */
export function codingOf(fields: readonly Field[]): string {
  if (!fields.some(isTransferEncoding)) return '';
  return fields
    .filter(isTransferEncoding)
    .map(([, value]) => value)
    .join(', ');
}

let dateSecond = 0;
let dateText = '';

/** Now, for the Date field; put together once a second. */
function dateNow(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = httpDate(second * 1000);
  }
  return dateText;
}
