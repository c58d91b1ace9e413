/** The numbers of the FastCGI 1.0 specification (sections 3.3, 5.1, 5.5 and 8). */

export const FASTCGI_VERSION = 1;

/** Bytes of a record's header. */
export const HEADER_LENGTH = 8;

/** Longest content of one record that keeps the record a multiple of eight: 65535 rounded down. */
export const MAX_CONTENT = 65528;

/** Record types. */
export const RecordType = {
  beginRequest: 1,
  abortRequest: 2,
  endRequest: 3,
  params: 4,
  stdin: 5,
  stdout: 6,
  stderr: 7,
  data: 8,
  getValues: 9,
  getValuesResult: 10,
  unknownType: 11,
} as const;

/** Roles of a BEGIN_REQUEST. A web server asks programs as responders. */
export const Role = { responder: 1, authorizer: 2, filter: 3 } as const;

/** Flag of BEGIN_REQUEST: the program leaves the connection open after its answer. */
export const KEEP_CONNECTION = 1;

/** protocolStatus of END_REQUEST. */
export const ProtocolStatus = {
  requestComplete: 0,
  cannotMultiplexConnection: 1,
  overloaded: 2,
  unknownRole: 3,
} as const;

/** One record as it came: content without padding. */
export interface FastCgiRecord {
  readonly type: number;
  /** 0 for management records. */
  readonly requestId: number;
  readonly content: Uint8Array;
}
