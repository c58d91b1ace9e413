import { isoMonth } from './clock';

/** One line of an access log in the common or combined format, with or without a virtual host in front. */
export interface AccessLine {
  /** Address of the client, without port. */
  readonly client: string;
  /** Local time of the server without zone, as `2026-11-23T01:24:55`: when the request came. */
  readonly time: string;
  /** Minutes east of UTC, as the server says. */
  readonly zone: number;
  readonly method: string;
  /** Path and query as they were asked for. */
  readonly target: string;
  readonly status: number;
  /** Bytes of the body; null where the log has none. */
  readonly size: number | null;
  readonly referer: string | null;
  readonly agent: string | null;
}

/** Apache writes a quote inside a quoted field as `\"` (mod_log_config). */
const QUOTED = String.raw`"((?:[^"\\]|\\.){0,8000})"`;
const SHAPE = new RegExp(
  String.raw`^(?:[\w.-]{1,255}(?::\d{1,5})? )?([\da-fA-F.:]{2,45}|[\w.-]{1,255}) \S{1,255} (?:\S{1,255}|"[^"]{0,255}"|[^[]{1,255}) \[(\d\d)/(\w{3})/(\d{4}):(\d\d:\d\d:\d\d) ([+-])(\d\d)(\d\d)\] ${QUOTED} (\d{3}) (\d{1,15}|-)(?: ${QUOTED} ${QUOTED})?`,
);
const REQUEST = /^([A-Za-z-]{1,30}) (\S{1,8000})(?: HTTP\/[\d.]{1,3})?$/;

/** Reads a line of an access log; undefined for any other line. Never throws; linear. */
export function parseAccessLine(line: string): AccessLine | undefined {
  if (!line.includes('] "')) return undefined;
  const found = SHAPE.exec(line);
  if (!found) return undefined;
  const [, client = '', day = '', month = '', year = '', clock = '', sign, hours, minutes] = found;
  const request = REQUEST.exec(found[9] ?? '');
  const offset = Number(hours) * 60 + Number(minutes);
  return {
    client,
    time: `${year}-${isoMonth(month)}-${day}T${clock}`,
    zone: sign === '-' ? -offset : offset,
    method: request?.[1] ?? '',
    target: request?.[2] ?? found[9] ?? '',
    status: Number(found[10]),
    size: found[11] === '-' ? null : Number(found[11]),
    referer: presence(found[12]),
    agent: presence(found[13]),
  };
}

function presence(text: string | undefined): string | null {
  return text === undefined || text === '-' || text === '' ? null : text;
}
