import { lowerCase } from '../../text/bytes';
import type { Handled, InternalRedirect } from './handlers';
import { takeFields, type ProgramHead } from './cgiHead';
import type { RequestRecord } from './record';
import { Table } from './table';

/** Answers with a file that brings its own headers, as a CGI program prints them (mod_asis). */
export function asIsHandler(r: RequestRecord, name: string): Handled | 'declined' {
  const isGet = r.method === 'GET' || r.method === 'HEAD';
  if (name !== 'send-as-is' || !r.host.modules.includes('mod_asis') || !isGet) return 'declined';
  if (r.finfo === undefined) {
    r.logError(`AH01233: File does not exist: ${r.filename ?? ''}`);
    return 404;
  }
  if (!opens(r)) {
    r.logError(`AH01234: file permissions deny server access: ${r.filename ?? ''}`);
    return 403;
  }
  return redirected(r) ?? { kind: 'handler', file: shownFile(r), handler: name };
}

const shownFile = ({ filename, finfo }: RequestRecord): string =>
  finfo?.kind === 'directory' ? (filename ?? '').replace(/\/?$/, '/') : (filename ?? '');

/** A folder opens as well; a rule may have given the request another name since its file was found. */
function opens({ site, ...r }: RequestRecord): boolean {
  const filename = r.filename ?? '';
  const file = site.read(filename);
  return file !== 'unreadable' && (file !== undefined || site.stat(filename) !== undefined);
}

/** A path of this server in the file's own Location header is answered in its place. */
function redirected(r: RequestRecord): InternalRedirect | undefined {
  const { status, fields } = asIsHead(r);
  const location = fields.find(([name]) => name.toLowerCase() === 'location')?.[1];
  if (location?.startsWith('/') !== true || status !== 200) return undefined;
  takeFields(r, fields);
  return { kind: 'internal-redirect', target: location };
}

/** The headers at the beginning of the file; none where they are no headers or have no end, which mod_asis takes as well. */
export function asIsHead({ site, filename, status }: RequestRecord): ProgramHead {
  const file = site.read(filename ?? '');
  const lines = (typeof file === 'object' ? file.content : '').split(/\r?\n/);
  const end = lines.indexOf('');
  const isWhole = end >= 0 && end < lines.length - 1;
  const head = isWhole ? lines.slice(0, end) : [];
  return headOf(head.every((line) => line.includes(':')) ? head : [], status);
}

function headOf(lines: readonly string[], usual: number): ProgramHead {
  let status = usual;
  let contentType: string | null = null;
  const fields = new Table();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trimStart();
    const key = name.toLowerCase();
    if (key === 'status') status = Number.parseInt(value, 10) || usual;
    else if (key === 'content-type') contentType = value.replace(/^[^;]*/, lowerCase);
    else if (key === 'set-cookie') fields.add(name, value);
    else fields.merge(name, value);
  }
  return { status, contentType, fields: fields.entries() };
}
