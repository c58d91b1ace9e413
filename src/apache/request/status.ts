/** Every status that Apache 2.4.71 has a name for (status_lines of http_protocol.c; 103 came after 2.4.63). */
const KNOWN_STATUS: ReadonlySet<number> = new Set([
  100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308, 400,
  401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 424,
  426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
]); // prettier-ignore

/** True for a status that directives may name. */
export function isKnownStatus(status: number): boolean {
  return KNOWN_STATUS.has(status);
}

/** True where Apache ends the connection after an answer of this status (ap_status_drops_connection). */
export const dropsConnection = (status: number): boolean => DROPPING.has(status);

const DROPPING: ReadonlySet<number> = new Set([400, 408, 411, 413, 414, 500, 501, 503]);
