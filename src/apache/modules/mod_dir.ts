import { readWords } from '../syntax/words';
import { constructUrl } from '../request/url';
import type { HookResult } from '../request/hooks';
import { fastRedirect, lookUpUri } from '../request/subrequest';
import type { RequestRecord } from '../request/record';
import { escapeUri } from '../request/uri';
import { defineModule, type Command, type Refusal } from './define';
import { lookup } from '../../text/lookup';

/** mod_dir's per-directory configuration; undefined means not set. */
export interface DirectoryConfig {
  indexNames: readonly string[] | undefined;
  slash: boolean | undefined;
  checkHandler: boolean | undefined;
  /** Status of DirectoryIndexRedirect, 0 for off. */
  indexRedirect: number | undefined;
  fallback: string | undefined;
}

/** The type that a folder has until somebody takes it. */
export const DIRECTORY_TYPE = 'httpd/unix-directory';

const REDIRECT_STATUS: Readonly<Record<string, number>> = {
  on: 302,
  off: 0,
  permanent: 301,
  temp: 302,
  seeother: 303,
};

function indexRedirect(_cmd: Command, config: DirectoryConfig, value: string): Refusal {
  const named = lookup(REDIRECT_STATUS, value.toLowerCase());
  if (named === undefined && !/^\d/.test(value))
    return 'DirectoryIndexRedirect ON|OFF|permanent|temp|seeother|3xx';
  const status = named ?? Number.parseInt(value, 10);
  if (named === undefined && (status < 300 || status > 399)) {
    return 'DirectoryIndexRedirect only accepts values between 300 and 399';
  }
  config.indexRedirect = status;
  return undefined;
}

export const mod_dir = defineModule<DirectoryConfig>({
  name: 'mod_dir',
  createDirConfig: () => ({
    indexNames: undefined,
    slash: undefined,
    checkHandler: undefined,
    indexRedirect: undefined,
    fallback: undefined,
  }),
  mergeDirConfig: (base, add) => ({
    indexNames: add.indexNames ?? base.indexNames,
    slash: add.slash ?? base.slash,
    checkHandler: add.checkHandler ?? base.checkHandler,
    indexRedirect: add.indexRedirect ?? base.indexRedirect,
    fallback: add.fallback ?? base.fallback,
  }),
  directives: {
    FallbackResource: {
      args: 'TAKE1',
      where: ['Indexes'],
      help: 'Set a default handler',
      summary:
        'Answers with one resource wherever no file is: a front controller without rewriting. `disabled` takes it back below this folder (2.4.4 and later).',
      values: ['disabled'],
      apply(_cmd, config, value) {
        config.fallback = value;
        return undefined;
      },
    },
    DirectoryIndex: {
      args: 'RAW_ARGS',
      where: ['Indexes'],
      help: 'a list of file names',
      summary:
        'The files that answer for a folder, first come first served; several lines add up. `disabled` alone means none.',
      values: ['index.html', 'index.php', 'disabled'],
      apply(_cmd, config, args) {
        const names: string[] = [];
        for (const word of readWords(args)) {
          if (word.value === '') break;
          names.push(word.value);
        }
        const isDisabled = names.length === 1 && names[0]?.toLowerCase() === 'disabled';
        config.indexNames = isDisabled ? [] : [...(config.indexNames ?? []), ...names];
        return undefined;
      },
    },
    DirectorySlash: {
      args: 'FLAG',
      where: ['Indexes'],
      help: 'On or Off',
      summary:
        'Sends visitors of a folder without slash to the URL with the slash. Without that relative links break, and a listing may show although there is an index file.',
      apply(_cmd, config, on) {
        config.slash = on;
        return undefined;
      },
    },
    DirectoryCheckHandler: {
      args: 'FLAG',
      where: ['Indexes'],
      help: 'On or Off',
      since: 8,
      summary: 'Leaves folders alone for which another handler is set, instead of looking for an index file.',
      apply(_cmd, config, on) {
        config.checkHandler = on;
        return undefined;
      },
    },
    DirectoryIndexRedirect: {
      args: 'TAKE1',
      where: ['Indexes'],
      help: 'On, Off, or a 3xx status code.',
      summary: 'Redirects visitors of a folder to its index file instead of answering with it.',
      values: ['on', 'off', 'permanent', 'temp', 'seeother'],
      apply: indexRedirect,
    },
  },
  hooks: { lastFixups: directoryFixup },
});

function directoryFixup(r: RequestRecord): HookResult {
  if (r.finfo?.kind === 'directory') return serveDirectory(r);
  return r.finfo === undefined && r.handler === null ? fallBack(r) : 'declined';
}

function serveDirectory(r: RequestRecord): HookResult {
  r.handler ??= DIRECTORY_TYPE;
  if (r.pathInfo !== null && r.pathInfo !== '') return 'declined';
  const config = r.perDirConfig.get(mod_dir);
  if (!r.uri.endsWith('/')) return config?.slash === false ? 'declined' : redirectToSlash(r);
  const isTaken =
    r.handler === 'redirect-handler' || (config?.checkHandler === true && r.handler !== DIRECTORY_TYPE);
  if (isTaken) {
    if (r.contentType === DIRECTORY_TYPE) r.contentType = null;
    return 'declined';
  }
  return findIndex(r, config?.indexNames ?? ['index.html'], config?.indexRedirect ?? 0);
}

function redirectToSlash(r: RequestRecord): HookResult {
  if (!isGet(r.method) && r.env.get('redirect-carefully') !== undefined) return 'declined';
  const query = r.args === null ? '' : `?${r.args}`;
  const location = constructUrl(r, `${escapeUri(r.uri)}/${query}`);
  r.headersOut.set('Location', location);
  r.traceDirective('mod_dir', {
    directive: 'DirectorySlash',
    text: `this is a folder and the URL has no slash at its end: ${location}`,
    result: 'applied',
    changes: [
      { what: 'status', after: '301' },
      { what: 'location', after: location },
    ],
  });
  return 301;
}

const isGet = (method: string): boolean => method === 'GET' || method === 'HEAD';

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** What a look-up of a file in place of the request came to: taken, the status to answer with, or nothing. */
type LookUp =
  'taken' | 'none' | { readonly status: number; readonly isFinal: boolean; readonly found?: RequestRecord };

function tryIndex(r: RequestRecord, name: string, indexStatus: number): LookUp {
  const found = lookUpUri(r, r.args === null ? name : `${name}?${r.args}`);
  if (found.status === 200 && (found.handler === 'proxy-server' || found.finfo?.kind === 'file')) {
    if (isRedirect(indexStatus)) {
      r.headersOut.set('Location', constructUrl(r, found.uri));
      return { status: indexStatus, isFinal: true };
    }
    fastRedirect(r, found);
    return 'taken';
  }
  if (isRedirect(found.status)) {
    takeHeaders(r, found);
    return { status: found.status, isFinal: true };
  }
  return found.status === 404 || found.status === 200
    ? 'none'
    : { status: found.status, isFinal: false, found };
}

function findIndex(r: RequestRecord, names: readonly string[], indexStatus: number): HookResult {
  let error: number | undefined;
  for (const [at, name] of names.entries()) {
    const result = tryIndex(r, name, indexStatus);
    traceLookUp(r, 'DirectoryIndex', { name, result });
    if (result === 'taken') return 'ok';
    if (result === 'none') continue;
    const isLast = at === names.length - 1;
    if (result.isFinal) return result.status;
    if (isLast && result.found !== undefined && (result.status === 406 || result.status === 401)) {
      takeHeaders(r, result.found);
      return result.status;
    }
    error = result.status;
  }
  if (error !== undefined) return error;
  r.notes.set('dir-index-names', names.join(','));
  return 'declined';
}

function traceLookUp(
  r: RequestRecord,
  directive: string,
  { name, result }: { readonly name: string; readonly result: LookUp },
): void {
  const isTaken = result === 'taken';
  const status = typeof result === 'string' ? undefined : result.status;
  const why = status === undefined ? 'there is no such file' : `it would be answered ${status}`;
  r.traceDirective('mod_dir', {
    directive,
    text: `${directive} ${name}: ${isTaken ? 'taken' : why}`,
    result: isTaken ? 'applied' : 'not matched',
    comparison: { subject: name, pattern: 'a file that is there' },
    ...(isTaken ? { changes: [{ what: 'file', after: r.filename } as const] } : { reason: why }),
  });
}

function fallBack(r: RequestRecord): HookResult {
  const name = r.perDirConfig.get(mod_dir)?.fallback;
  if (name === undefined || name.toLowerCase() === 'disabled') return 'declined';
  const result = tryIndex(r, name, 0);
  traceLookUp(r, 'FallbackResource', { name, result });
  if (result === 'taken') return 'ok';
  return result === 'none' ? 'declined' : result.status;
}

function takeHeaders(r: RequestRecord, found: RequestRecord): void {
  for (const [name, value] of found.headersOut.entries()) r.headersOut.set(name, value);
  for (const [name, value] of found.errHeadersOut.entries()) r.errHeadersOut.set(name, value);
}
