import * as path from 'node:path';
import type {
  BodyText,
  LinkedText,
  Pair,
  RequestDetail,
  RequestRow,
  RequestTone,
} from '../../panels/requests/messages';
import type { TracePlace } from '../../panels/trace/messages';
import { namedPlaces, type BodyPart, type RequestRecord } from '../../runner';
import { textOfByteString } from '../../text/bytes';
import { decisivePlace } from '../../urls';
import { traceParts, type TraceWords } from '../trace/rows';
import type { Remembered } from './history';

/** What a request is described with. */
export interface DescribeContext {
  /** The project's folder on this machine, absolute. */
  readonly folder: string;
  /** Whether a file of this machine is there. */
  readonly exists: (file: string) => boolean;
  readonly words: RequestWords;
}

/** Words of the list and the details, in the reader's language. */
export interface RequestWords extends TraceWords {
  readonly pending: string;
  readonly cut: string;
  readonly server: string;
  readonly file: string;
  readonly redirect: string;
  readonly listing: string;
  readonly status: string;
  readonly answeredBy: string;
  readonly process: string;
  readonly rule: string;
  readonly time: string;
  readonly duration: string;
  readonly size: string;
  readonly log: string;
  readonly binary: string;
  /** `{0}` and `{1}` are numbers of bytes. */
  readonly partOf: string;
}

/** One line of the list. */
export function rowOf(one: Remembered, context: DescribeContext): RequestRow {
  const { id, record } = one;
  const told = {
    time: clock(one.time),
    method: one.method,
    url: textOfByteString(one.target),
    status: record === null ? '' : record.cut ? context.words.cut : String(record.status),
    duration: record === null ? '' : durationOf(record.milliseconds),
    rule: record === null ? '' : (ruleOf(record, context)?.label ?? ''),
    by: record === null ? '' : answerer(record, context),
  };
  const heard = [
    told.method,
    told.url,
    told.status || context.words.pending,
    told.by,
    told.duration,
    told.rule,
  ];
  const label = heard.filter(Boolean).join(', ');
  return { id, tone: toneOf(record), ...told, program: (record?.dispatcher ?? null) !== null, label };
}

/** Everything about an answered request. */
export function detailOf(id: number, record: RequestRecord, context: DescribeContext): RequestDetail {
  const rule = ruleOf(record, context);
  return {
    id,
    title: `${record.method} ${textOfByteString(record.target)}`,
    summary: summaryOf(record, rule, context),
    ...(rule === undefined ? {} : { rule }),
    failure: record.failure?.message ?? '',
    requestHeaders: record.requestHeaders.map(pairOf),
    responseHeaders: record.responseHeaders.map(pairOf),
    requestBody: bodyText(record.requestBody, record.requestHeaders, context.words),
    responseBody: bodyText(record.responseBody, record.responseHeaders, context.words),
    environment: record.environment.map(pairOf).sort(([a], [b]) => (a < b ? -1 : 1)),
    errors: linkedText(
      record.errorOutput.trimEnd(),
      path.dirname(record.dispatcher ?? context.folder),
      context,
    ),
    trace: traceParts(record.trace, {
      placeOf: (file, line) => placeOf(textOfByteString(file), line, context.folder),
      words: context.words,
    }),
  };
}

function summaryOf(
  record: RequestRecord,
  rule: TracePlace | undefined,
  context: DescribeContext,
): readonly Pair[] {
  const { words } = context;
  const all: readonly (readonly [string, string | undefined])[] = [
    [words.status, record.cut ? words.cut : String(record.status)],
    [words.rule, rule?.label],
    [words.answeredBy, answererName(record, context)],
    [words.process, record.pid === null ? undefined : String(record.pid)],
    [words.time, `${clock(record.time)}.${String(record.time % 1000).padStart(3, '0')}`],
    [words.duration, durationOf(record.milliseconds)],
    [words.size, sizeWords(record.responseBody.length)],
    [words.log, record.failure?.logMessage ?? record.outcome?.logMessage ?? undefined],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** The line of a `.htaccess` that sent the request where it went. */
export function ruleOf(
  record: RequestRecord,
  { folder }: { readonly folder: string },
): TracePlace | undefined {
  const place = record.outcome === null ? undefined : decisivePlace(record.outcome);
  return place && placeOf(textOfByteString(place.file), place.line, folder);
}

function placeOf(file: string, line: number, folder: string): TracePlace {
  return { label: `${shownPath(file, folder)}:${line}`, file, line };
}

function shownPath(file: string, folder: string): string {
  const below = path.relative(folder, file);
  return below.startsWith('..') || path.isAbsolute(below) ? file : below;
}

function answerer(record: RequestRecord, context: DescribeContext): string {
  if (record.dispatcher === null) return answererName(record, context);
  const name = path.basename(record.dispatcher);
  return record.pid === null ? name : `${name} · ${record.pid}`;
}

function answererName(record: RequestRecord, { folder, words }: DescribeContext): string {
  if (record.dispatcher !== null) return shownPath(record.dispatcher, folder);
  const kind = record.outcome?.answer.kind;
  if (kind === 'file') return words.file;
  if (kind === 'redirect') return words.redirect;
  return kind === 'listing' ? words.listing : words.server;
}

function toneOf(record: RequestRecord | null): RequestTone {
  if (record === null) return 'pending';
  if (record.cut) return 'cut';
  if (record.status >= 500) return 'server-error';
  if (record.status >= 400) return 'client-error';
  return record.status >= 300 && record.status !== 304 ? 'moved' : 'ok';
}

function linkedText(text: string, folder: string, { exists }: DescribeContext): LinkedText {
  const parts: LinkedText[number][] = [];
  let at = 0;
  for (const { start, end, file, line } of namedPlaces(text, folder)) {
    if (!exists(file)) continue;
    if (start > at) parts.push(text.slice(at, start));
    const named = text.slice(start, end);
    parts.push({ text: named, place: { label: named, file, line } });
    at = end;
  }
  return at < text.length ? [...parts, text.slice(at)] : parts;
}

function bodyText(
  { bytes, length }: BodyPart,
  headers: RequestRecord['requestHeaders'],
  words: RequestWords,
): BodyText {
  if (length === 0) return { text: '', note: '' };
  const note = bytes.length < length ? filled(words.partOf, bytes.length, length) : '';
  const encoding = headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1] ?? 'identity';
  const text = encoding === 'identity' ? textOf(bytes, bytes.length < length) : undefined;
  return text === undefined ? { text: '', note: filled(words.binary, length) } : { text, note };
}

/** UTF-8, or Latin-1 where it is not; undefined for what is no text. A cut may have gone through a character. */
function textOf(bytes: Uint8Array, cut: boolean): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    const controls = bytes.filter((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13).length;
    return controls > bytes.length / 100 ? undefined : Buffer.from(bytes).toString('latin1');
  }
}

function pairOf([name, value]: readonly [string, string]): Pair {
  return [textOfByteString(name), textOfByteString(value)];
}

function filled(text: string, ...values: readonly number[]): string {
  return text.replaceAll(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? ''));
}

function clock(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

function durationOf(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function sizeWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
