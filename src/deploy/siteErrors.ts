import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { judge } from '../apache/config/judge';
import type { HostProfile } from '../apache/host';
import { checkDispatcher } from '../dispatcher';
import { byteStringOf, textOfByteString } from '../text/bytes';
import { listLocal } from './scan';

/** One thing that would make the uploaded site answer 500. */
export interface SiteError {
  /** Relative to the document root, with `/`. */
  readonly file: string;
  /** 1-based; null where the whole file is meant. */
  readonly line: number | null;
  /** `apache.refused`, or the code of a dispatcher's problem. */
  readonly code: string;
  readonly message: string;
}

/** What the upload itself puts right. */
const MENDED = new Set([
  'dispatcher.crlf',
  'dispatcher.bom',
  'dispatcher.not-executable',
  'dispatcher.writable-by-others',
]);

/** Looks for what Apache would refuse in the files that are about to be uploaded. */
export async function siteErrors(
  localRoot: string,
  { ignore, host }: { readonly ignore: readonly string[]; readonly host: HostProfile },
): Promise<readonly SiteError[]> {
  const paths = [...(await listLocal(localRoot, ignore))].sort();
  const errors: SiteError[] = [];
  for (const path of paths) errors.push(...(await errorsOf(localRoot, path, host)));
  return errors;
}

async function errorsOf(root: string, path: string, host: HostProfile): Promise<readonly SiteError[]> {
  if (basename(path) === '.htaccess') return htaccessErrors(path, await readFile(join(root, path)), host);
  if (path.endsWith('.fcgi')) return dispatcherErrors(path, await readFile(join(root, path)));
  return [];
}

function htaccessErrors(file: string, bytes: Uint8Array, host: HostProfile): readonly SiteError[] {
  const verdict = judge(byteStringOf(bytes), host);
  if (verdict.ok) return [];
  const message = `Apache answers 500: ${textOfByteString(verdict.message ?? '')}`;
  return [{ file, line: verdict.line, code: 'apache.refused', message }];
}

function dispatcherErrors(file: string, bytes: Uint8Array): readonly SiteError[] {
  return checkDispatcher(bytes, { path: file })
    .filter(({ severity, code }) => severity === 'error' && !MENDED.has(code))
    .map(({ code, message, range }) => ({ file, line: range.start.line + 1, code, message }));
}
