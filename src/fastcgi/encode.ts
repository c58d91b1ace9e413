import { encodeNameValues, nameValuesLength, writeNameValues, type NameValue } from './params';
import { FASTCGI_VERSION, HEADER_LENGTH, KEEP_CONNECTION, MAX_CONTENT, RecordType, Role } from './protocol';

/** What a responder is asked. */
export interface ResponderRequest {
  /** 1–65535. */
  readonly requestId: number;
  /** The program leaves the connection open after its answer. */
  readonly keepConnection: boolean;
  readonly params: readonly NameValue[];
  /** Each pair in a record of its own, as mod_fastcgi does; else all in one, as mod_fcgid. */
  readonly splitsParams?: boolean;
  /** Null for one that follows as it comes, with the end of STDIN. */
  readonly body: Uint8Array | null;
}

/** A request of a responder, ready for the socket: BEGIN_REQUEST, PARAMS and STDIN with their ends. */
export function encodeRequest(request: ResponderRequest): Uint8Array {
  const { requestId, keepConnection, params, splitsParams = false, body } = request;
  const records = splitsParams
    ? params.map((pair) => encodeRecord(RecordType.params, requestId, encodeNameValues([pair])))
    : paramsRecords(requestId, params);
  return join([
    encodeBegin(requestId, keepConnection),
    ...records,
    encodeRecord(RecordType.params, requestId, NOTHING),
    ...(body === null ? [] : streamRecords(RecordType.stdin, requestId, body)),
  ]);
}

/** Variables mostly fit into one record, and are written where they belong. */
function paramsRecords(requestId: number, params: readonly NameValue[]): Uint8Array[] {
  const length = nameValuesLength(params);
  if (length > MAX_CONTENT) return contentRecords(RecordType.params, requestId, encodeNameValues(params));
  if (length === 0) return [];
  const record = emptyRecord(RecordType.params, requestId, length);
  writeNameValues(record, HEADER_LENGTH, params);
  return [record];
}

const NOTHING = new Uint8Array(0);

/** BEGIN_REQUEST in the role of a responder. */
export function encodeBegin(requestId: number, keepConnection: boolean): Uint8Array {
  const content = new Uint8Array(8);
  content[1] = Role.responder;
  content[2] = keepConnection ? KEEP_CONNECTION : 0;
  return encodeRecord(RecordType.beginRequest, requestId, content);
}

/** ABORT_REQUEST: the client is gone. */
export function encodeAbort(requestId: number): Uint8Array {
  return encodeRecord(RecordType.abortRequest, requestId, new Uint8Array(0));
}

/** END_REQUEST, as a program ends its answer; `applicationStatus` is what a CGI program would exit with. */
export function encodeEnd(requestId: number, applicationStatus = 0, protocolStatus = 0): Uint8Array {
  const content = new Uint8Array(8);
  new DataView(content.buffer).setUint32(0, applicationStatus);
  content[4] = protocolStatus;
  return encodeRecord(RecordType.endRequest, requestId, content);
}

/** Content of any length as records of one type, followed by the empty record that ends a stream. */
export function encodeStream(type: number, requestId: number, content: Uint8Array): Uint8Array {
  return join(streamRecords(type, requestId, content));
}

function streamRecords(type: number, requestId: number, content: Uint8Array): Uint8Array[] {
  return [...contentRecords(type, requestId, content), encodeRecord(type, requestId, NOTHING)];
}

function contentRecords(type: number, requestId: number, content: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += MAX_CONTENT) {
    records.push(encodeRecord(type, requestId, content.subarray(at, at + MAX_CONTENT)));
  }
  return records;
}

/** One record, padded to a multiple of eight bytes. Content beyond 65528 bytes is cut: streams are split before. */
export function encodeRecord(type: number, requestId: number, content: Uint8Array): Uint8Array {
  const length = Math.min(content.length, MAX_CONTENT);
  const record = emptyRecord(type, requestId, length);
  record.set(length === content.length ? content : content.subarray(0, length), HEADER_LENGTH);
  return record;
}

/** A record whose content has still to be written. */
function emptyRecord(type: number, requestId: number, length: number): Uint8Array {
  const padding = -length & 7;
  const record = new Uint8Array(HEADER_LENGTH + length + padding);
  record[0] = FASTCGI_VERSION;
  record[1] = type;
  record[2] = requestId >>> 8;
  record[3] = requestId & 0xff;
  record[4] = length >>> 8;
  record[5] = length & 0xff;
  record[6] = padding;
  return record;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
