import * as fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { HttpRequest } from '../apache/request/outcome';
import { meetsConditions, rangeOf, type ByteRange, type Validators } from './conditions';

/** A file to send. */
export interface StaticFile {
  readonly request: HttpRequest;
  /** On this machine, absolute. */
  readonly path: string;
  /** 200, or the status of the error whose document this is. */
  readonly status: number;
}

/** What to answer for a file, decided before the first byte. */
export interface StaticPlan {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Null when no content is sent; the whole file is a range too. */
  readonly range: ByteRange | null;
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
  const validators = validatorsOf(stats);
  const own: StaticPlan['headers'] = [...versionHeaders(validators), ['Accept-Ranges', 'bytes']];
  const whole: StaticPlan = {
    status: file.status,
    headers: [...own, ['Content-Length', String(size)]],
    range: size === 0 ? null : { first: 0, last: size - 1 },
  };
  if (file.status !== 200) return whole;
  const condition = meetsConditions(file.request, validators);
  if (condition === 304) return { status: 304, headers: own, range: null };
  // Measured: a failed precondition of a file has no page, but the file's own headers.
  if (condition === 412) return { status: 412, headers: [...own, ['Content-Length', '0']], range: null };
  const range = rangeOf(file.request, size, validators);
  if (range === null) return whole;
  if (range === 'unsatisfiable') return { status: 416, headers: [], range: null };
  return partial(range, { size, own });
}

function partial(range: ByteRange, { size, own }: { size: number; own: StaticPlan['headers'] }): StaticPlan {
  const headers: StaticPlan['headers'] = [
    ...own,
    ['Content-Length', String(range.last - range.first + 1)],
    ['Content-Range', `bytes ${range.first}-${range.last}/${size}`],
  ];
  return { status: 206, headers, range };
}

/** Apache's ETag of a file by default: size and time of change in microseconds, hexadecimal. */
function validatorsOf({ size, mtimeNs }: { readonly size: bigint; readonly mtimeNs: bigint }): Validators {
  const microseconds = mtimeNs / 1000n;
  return {
    etag: `"${size.toString(16)}-${microseconds.toString(16)}"`,
    lastModified: new Date(Number(microseconds / 1000n)).toUTCString(),
  };
}

function versionHeaders({ etag, lastModified }: Validators): [string, string][] {
  const headers: [string, string][] = [];
  if (lastModified !== null) headers.push(['Last-Modified', lastModified]);
  if (etag !== null) headers.push(['ETag', etag]);
  return headers;
}

/** Sends the content of a plan after the headers are written. A file that ends too early cuts the connection. */
export async function sendContent(
  response: ServerResponse,
  path: string,
  range: ByteRange | null,
): Promise<void> {
  if (range === null) {
    response.end();
    return;
  }
  const content = fs.createReadStream(path, { start: range.first, end: range.last });
  await pipeline(content, response).catch(() => response.destroy());
}
