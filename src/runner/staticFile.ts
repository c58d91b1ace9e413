import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import type { HttpRequest } from '../apache/request/outcome';
import type { HeaderField } from '../fastcgi';
import { meetsConditions, type Validators } from '../apache/request/conditions';
import type { HttpResponse } from './http/response';
import { rangesOf, type ByteRange } from '../apache/request/ranges';
import { httpDate } from '../text/httpDate';

/** A file to send. */
export interface StaticFile {
  readonly request: HttpRequest;
  /** 200, or the status of the error whose document this is. */
  readonly status: number;
  readonly contentType: string | null;
  /** What FileETag asks for: null for none; the usual tag where it says nothing. */
  readonly etag: string | null | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A piece of an answer's body: bytes of the file, or text between them. */
export type ContentPart = ByteRange | string;

/** What to answer for a file, decided before the first byte. */
export interface StaticPlan {
  readonly status: number;
  readonly headers: readonly HeaderField[];
  readonly content: readonly ContentPart[];
}

/** Size and time of a readable file; the status to answer with when there is none. */
export function statFile(path: string): fs.BigIntStats | 403 | 404 {
  try {
    const stats = fs.statSync(path, { bigint: true });
    if (!stats.isFile()) return 404;
    fs.accessSync(path, fs.constants.R_OK);
    return stats;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 403 : 404;
  }
}

/** Decides over conditions and range of a request for a file, from its size and time in nanoseconds. */
export function planStatic(
  file: StaticFile,
  stats: { readonly size: bigint; readonly mtimeNs: bigint },
): StaticPlan {
  const size = Number(stats.size);
  const usual = validatorsOf(stats, file.now);
  const validators = file.etag === undefined ? usual : { ...usual, etag: file.etag };
  const type: HeaderField[] = file.contentType === null ? [] : [['Content-Type', file.contentType]];
  const own: readonly HeaderField[] = [...versionHeaders(validators), ['Accept-Ranges', 'bytes']];
  const whole: StaticPlan = {
    status: file.status,
    headers: [...own, ['Content-Length', String(size)], ...type],
    content: size === 0 ? [] : [{ first: 0, last: size - 1 }],
  };
  if (file.status !== 200) return whole;
  const condition = meetsConditions(file.request, validators, file.now);
  if (condition === 304) return { status: 304, headers: own, content: [] };
  // Measured: a failed precondition of a file has no page, but the file's own headers.
  if (condition === 412) return failedPrecondition(file, size, [...own, ...type]);
  const ranges = rangesOf(file.request, size, validators);
  if (ranges === null) return whole;
  if (ranges === 'unsatisfiable') return { status: 416, headers: [], content: [] };
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined) return onePart(only, { size, own: [...own, ...type] });
  return manyParts(ranges, { size, own, contentType: file.contentType });
}

/** The same for a text that the server writes itself, of which there is no version: the parts of it that are asked for. */
export function planText(
  text: string,
  { request, status, contentType }: Pick<StaticFile, 'request' | 'status' | 'contentType'>,
): (Omit<StaticPlan, 'content'> & { readonly body: string }) | 'unsatisfiable' {
  const type: HeaderField[] = contentType === null ? [] : [['Content-Type', contentType]];
  const size = text.length;
  const isRanged = status === 200 && request.method === 'GET';
  const ranges = isRanged ? rangesOf(request, size, NO_VERSION) : null;
  if (ranges === 'unsatisfiable') return ranges;
  if (ranges === null) return { status, headers: type, body: text };
  const [only] = ranges;
  const plan =
    ranges.length === 1 && only !== undefined
      ? onePart(only, { size, own: type })
      : manyParts(ranges, { size, own: [], contentType });
  const parts = plan.content.map((part) =>
    typeof part === 'string' ? part : text.slice(part.first, part.last + 1),
  );
  const headers = plan.headers.filter(([name]) => name !== 'Content-Length');
  return { status: plan.status, headers, body: parts.join('') };
}

const NO_VERSION: Validators = { etag: null, lastModified: null };

/** To HEAD Apache names the length of the file all the same. */
function failedPrecondition({ request }: StaticFile, size: number, own: readonly HeaderField[]): StaticPlan {
  const length = request.method === 'HEAD' ? size : 0;
  return { status: 412, headers: [...own, ['Content-Length', String(length)]], content: [] };
}

function onePart(range: ByteRange, { size, own }: { size: number; own: StaticPlan['headers'] }): StaticPlan {
  const headers: StaticPlan['headers'] = [
    ...own,
    ['Content-Length', String(lengthOf(range))],
    ['Content-Range', `bytes ${range.first}-${range.last}/${size}`],
  ];
  return { status: 206, headers, content: [range] };
}

const lengthOf = (part: ContentPart): number =>
  typeof part === 'string' ? part.length : part.last - part.first + 1;

/** Several ranges: each with a head of its own, between boundaries. */
function manyParts(
  ranges: readonly ByteRange[],
  { size, own, contentType }: { size: number; own: StaticPlan['headers']; contentType: string | null },
): StaticPlan {
  const boundary = randomBytes(8).toString('hex');
  const type = contentType === null ? '' : `Content-type: ${contentType}\r\n`;
  const content = ranges.flatMap((range): ContentPart[] => [
    `\r\n--${boundary}\r\n${type}Content-range: bytes ${range.first}-${range.last}/${size}\r\n\r\n`,
    range,
  ]);
  content.push(`\r\n--${boundary}--\r\n`);
  const length = content.reduce((sum, part) => sum + lengthOf(part), 0);
  const headers: StaticPlan['headers'] = [
    ...own,
    ['Content-Length', String(length)],
    ['Content-Type', `multipart/byteranges; boundary=${boundary}`],
  ];
  return { status: 206, headers, content };
}

/**
 * Apache's ETag of a file by default: size and time of change in microseconds, hexadecimal; weak while the file may
 * change again within the same tick of its clock.
 */
function validatorsOf(
  { size, mtimeNs }: { readonly size: bigint; readonly mtimeNs: bigint },
  now: number,
): Validators {
  const microseconds = mtimeNs / 1000n;
  const milliseconds = Number(microseconds / 1000n);
  const weak = now - milliseconds <= 1000 ? 'W/' : '';
  return {
    etag: `${weak}"${size.toString(16)}-${microseconds.toString(16)}"`,
    lastModified: httpDate(Math.min(milliseconds, now)),
  };
}

function versionHeaders({ etag, lastModified }: Validators): HeaderField[] {
  const headers: HeaderField[] = [];
  if (lastModified !== null) headers.push(['Last-Modified', lastModified]);
  if (etag !== null) headers.push(['ETag', etag]);
  return headers;
}

/** Bytes that are read in one go. */
const PIECE = 65_536;

/** Sends the content of a plan after its head. A file that ends too early cuts the connection. */
export async function sendContent(
  response: HttpResponse,
  path: string,
  content: readonly ContentPart[],
): Promise<void> {
  let file: number | null = null;
  try {
    for (const part of content) {
      if (typeof part === 'string') response.write(Buffer.from(part, 'latin1'));
      else await sendRange(response, (file ??= fs.openSync(path, 'r')), part);
    }
    response.end();
  } catch {
    response.destroy();
  } finally {
    if (file !== null) fs.closeSync(file);
  }
}

async function sendRange(response: HttpResponse, file: number, { first, last }: ByteRange): Promise<void> {
  for (let at = first; at <= last && !response.destroyed;) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, last - at + 1));
    const length = fs.readSync(file, piece, 0, piece.length, at);
    if (length === 0) throw new Error('the file has become shorter');
    at += length;
    if (!response.write(piece.subarray(0, length))) await drained(response);
  }
}

/** Resolves when the client can take more, or has gone. */
function drained(response: HttpResponse): Promise<void> {
  return new Promise((resolve) => {
    response.onceDrained(resolve);
    response.onClose(resolve);
  });
}
