import { ProtocolStatus, RecordType, type FastCgiRecord } from './protocol';

/** What one record means to the web server that waits for the answer to a request. */
export type AnswerPart =
  | { readonly kind: 'stdout'; readonly content: Uint8Array }
  | { readonly kind: 'stderr'; readonly content: Uint8Array }
  /** The answer is complete. mod_fcgid ignores the application status. */
  | { readonly kind: 'end'; readonly applicationStatus: number }
  /** The program refused the request: message says how. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Of another direction, or of a type that the specification does not know. */
  | { readonly kind: 'ignored' };

/** The meaning of a record. mod_fcgid, which has one request at a time, does not look at its id (measured). */
export function readAnswerRecord(record: FastCgiRecord): AnswerPart {
  if (record.type === RecordType.stdout) return { kind: 'stdout', content: record.content };
  if (record.type === RecordType.stderr) return { kind: 'stderr', content: record.content };
  if (record.type === RecordType.endRequest) return readEnd(record.content);
  return { kind: 'ignored' };
}

function readEnd(content: Uint8Array): AnswerPart {
  const protocolStatus = content[4] ?? 0;
  if (protocolStatus !== ProtocolStatus.requestComplete) {
    return { kind: 'refused', message: REFUSALS[protocolStatus] ?? `protocol status ${protocolStatus}` };
  }
  const [first = 0, second = 0, third = 0, fourth = 0] = content;
  return { kind: 'end', applicationStatus: ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0 };
}

const REFUSALS: Readonly<Record<number, string>> = {
  [ProtocolStatus.cannotMultiplexConnection]: 'it cannot serve two requests on one connection',
  [ProtocolStatus.overloaded]: 'it is overloaded',
  [ProtocolStatus.unknownRole]: 'it does not know the role of a responder',
};
