import { isAtLeast } from '../host';
import { core } from '../modules/core';
import { OPTION } from '../modules/core/config';
import { methodBit } from '../modules/core/limit';
import { actionHandler } from '../modules/mod_actions';
import { DIRECTORY_TYPE } from '../modules/mod_dir';
import { mod_fcgid } from '../modules/mod_fcgid';
import { splitCommandLine } from '../modules/mod_fcgid/commandLine';
import { wrapperOf } from '../modules/mod_fcgid/program';
import { asIsHandler } from './asIs';
import type { Answer } from './outcome';
import type { RequestRecord } from './record';
import { lookUpUri } from './subrequest';
import { escapeUri } from './uri';

/** What a handler came to: an answer, a request that gives it, or the status to die with. */
export type Handled = Answer | InternalRedirect | number;

/** Another request of this server answers in place of this one; `target` is its path and query. */
export interface InternalRedirect {
  readonly kind: 'internal-redirect';
  readonly target: string;
}

/** A handler declines what is not its business; `name` is the request's handler, or its content type in place of one. */
type Handler = (r: RequestRecord, name: string) => Handled | 'declined';

/** In Apache's order; the default handler, which takes all the rest, is the last. */
const HANDLERS: readonly Handler[] = [
  proxyHandler,
  fcgidHandler,
  cgiHandler,
  asIsHandler,
  otherHandler,
  listFolder,
  actionHandler,
  phpHandler,
];

/**
 * The handler that is asked for: the content type's where none is named, since Apache 2.4.60 unless that came from a request
 * before (AP_REQUEST_TRUSTED_CT).
 */
export function handlerName(r: RequestRecord): string {
  if (r.handler !== null) return r.handler;
  const isTrusted = r.contentType !== r.handedOnType || !isAtLeast(r.host, 60);
  return isTrusted ? (r.contentType?.replace(/ *;.*$/s, '') ?? '') : '';
}

/** Lets the handlers of the host's modules answer, or the default one (ap_invoke_handler). */
export function invokeHandler(r: RequestRecord): Handled {
  const name = handlerName(r);
  for (const handler of HANDLERS) {
    const handled = handler(r, name);
    if (handled !== 'declined') return handled;
  }
  return serveFile(r);
}

const answeredBy = (r: RequestRecord, handler: string): Answer & { readonly kind: 'handler' } => ({
  kind: 'handler',
  file: r.finfo?.kind === 'directory' ? (r.filename ?? '').replace(/\/?$/, '/') : (r.filename ?? ''),
  handler: r.handler ?? handler,
  ...(r.handler === null ? { isByType: true } : {}),
});

const hasPathInfo = (r: RequestRecord): boolean => r.pathInfo !== null && r.pathInfo !== '';

function proxyHandler(r: RequestRecord, name: string): Handled | 'declined' {
  if (!r.host.modules.includes('mod_proxy')) return 'declined';
  const isProxied = name.startsWith('proxy:') || (r.isProxied && r.filename?.startsWith('proxy:') === true);
  return isProxied ? answeredBy(r, name) : 'declined';
}

/** The checks that scripts have in common; `refused` is what Apache logs where ExecCGI is missing. */
function scriptCheck(r: RequestRecord, refused: string, isVirtual = false): 403 | 404 | undefined {
  if (((r.perDirConfig.get(core)?.options ?? 0) & OPTION.execCgi) === 0) {
    refuseByOption(r, 'ExecCGI', refused);
    return 403;
  }
  if (!isVirtual) return scriptFileCheck(r);
  return r.usedPathInfo === 'reject' && hasPathInfo(r) ? 404 : undefined;
}

function scriptFileCheck(r: RequestRecord): 403 | 404 | undefined {
  if (r.usedPathInfo === 'reject' && hasPathInfo(r)) return 404;
  if (r.finfo === undefined) return 404;
  return r.finfo.kind === 'directory' ? 403 : undefined;
}

/** A script that may run. Apache looks its path info up as a URL of its own, for PATH_TRANSLATED, with all that rules then do. */
function runScript(r: RequestRecord, name: string): Answer & { readonly kind: 'handler' } {
  if (hasPathInfo(r)) {
    const found = lookUpUri(r, escapeUri(r.pathInfo ?? ''));
    if (found.filename !== null) r.pathTranslated = `${found.filename}${found.pathInfo ?? ''}`;
  }
  return answeredBy(r, name);
}

function fcgidHandler(r: RequestRecord, name: string): Handled | 'declined' {
  const isFcgid = name === 'fcgid-script' && r.host.modules.includes('mod_fcgid');
  if (!isFcgid && !(name === 'fastcgi-script' && r.host.modules.includes('mod_fastcgi'))) return 'declined';
  const filename = r.filename ?? '';
  // A virtual wrapper answers also where no file is.
  const wrapper = isFcgid ? wrapperOf(r.perDirConfig.get(mod_fcgid), filename) : undefined;
  const refused = `mod_fcgid: location of script ${filename} does not have ExecCGI enabled`;
  const checked = scriptCheck(r, refused, wrapper?.isVirtual === true);
  if (checked !== undefined) return checked;
  const answer = runScript(r, name);
  return wrapper === undefined ? answer : { ...answer, wrapper: splitCommandLine(wrapper.commandLine) };
}

function cgiHandler(r: RequestRecord, name: string): Handled | 'declined' {
  const hasCgi = r.host.modules.includes('mod_cgi') || r.host.modules.includes('mod_cgid');
  if (!hasCgi || (name !== 'cgi-script' && name !== 'application/x-httpd-cgi')) return 'declined';
  return (
    scriptCheck(r, `AH02809: Options ExecCGI is off in this directory: ${r.filename ?? ''}`) ??
    runScript(r, name)
  );
}

/** PHP as a module or behind a handler name of the host's: the script must be there, and path info is welcome. */
function phpHandler(r: RequestRecord, name: string): Handled | 'declined' {
  if (!name.startsWith('php') && !name.startsWith('application/x-httpd-')) return 'declined';
  return scriptFileCheck(r) ?? runScript(r, name);
}

/** Handlers of modules that make their answer themselves, by the module that has them. */
const MODULE_HANDLERS: ReadonlyMap<string, string> = new Map([
  ['server-status', 'mod_status'],
  ['server-info', 'mod_info'],
  ['type-map', 'mod_negotiation'],
  ['imap-file', 'mod_imagemap'],
  ['lua-script', 'mod_lua'],
  ['ldap-status', 'util_ldap'],
  ['balancer-manager', 'mod_proxy_balancer'],
]);

/** Those that leave other methods than GET to the default handler. */
const GET_ONLY: ReadonlySet<string> = new Set(['server-status', 'server-info', 'imap-file', 'ldap-status']);

function otherHandler(r: RequestRecord, name: string): Handled | 'declined' {
  const module = MODULE_HANDLERS.get(name);
  if (module === undefined || !r.host.modules.includes(module)) return 'declined';
  return GET_ONLY.has(name) && !isGet(r) ? 'declined' : answeredBy(r, name);
}

function listFolder(r: RequestRecord, name: string): Handled | 'declined' {
  if ((name !== DIRECTORY_TYPE && name !== '') || r.finfo?.kind !== 'directory') return 'declined';
  if (!r.host.modules.includes('mod_autoindex') || !isGet(r)) return 'declined';
  const filename = r.filename ?? '';
  if (((r.perDirConfig.get(core)?.options ?? 0) & OPTION.indexes) !== 0)
    return { kind: 'listing', file: filename };
  refuseByOption(
    r,
    'Indexes',
    `AH01276: Cannot serve directory ${filename}: No matching DirectoryIndex (${r.notes.get('dir-index-names') ?? 'none'}) found, and server-generated directory index forbidden by Options directive`,
  );
  return 403;
}

/** A refusal since an option is off: by the last Options that name it, or that name others alone. */
function refuseByOption(r: RequestRecord, option: string, message: string): void {
  const names = new RegExp(`(?:^|\\s)-?${option}(?:\\s|$)|(?:^|\\s)[A-Za-z]`, 'i');
  r.logError(message, r.perDirConfig.lastUse('Options', (args) => names.test(args))?.origin, 'refused');
}

const isGet = (r: RequestRecord): boolean => r.method === 'GET' || r.method === 'HEAD';

/** The default handler reads the request's body before it looks whether there is anything to send. */
function serveFile(r: RequestRecord): Handled {
  const handled = fileOf(r);
  if (typeof handled === 'number' && r.status === 200) r.evaluation.isBodyDiscarded = true;
  return handled;
}

/** A file, or 404; OPTIONS is answered for anything. */
function fileOf(r: RequestRecord): Handled {
  const filename = r.filename ?? '';
  const named = r.handler === null ? {} : { handler: r.handler };
  const shown = r.finfo?.kind === 'directory' ? filename.replace(/\/?$/, '/') : filename;
  if (r.method === 'OPTIONS') return { kind: 'file', file: shown, contentType: r.contentType, ...named };
  if (!isGet(r) && r.method !== 'POST') return methodBit(r.method, r.host) === undefined ? 501 : 405;
  if (
    r.finfo === undefined ||
    (r.usedPathInfo !== 'accept' && hasPathInfo(r) && r.finfo.kind !== 'directory')
  ) {
    r.logError(`AH00128: File does not exist: ${filename}${r.pathInfo ?? ''}`);
    return 404;
  }
  if (r.finfo.kind === 'directory') {
    r.logError(`AH00129: Attempt to serve directory: ${filename}`);
    return 404;
  }
  // mod_rewrite may have put `redirect:` before the name of a file that was found before.
  if (!filename.startsWith('/') || r.site.read(filename) === 'unreadable') {
    r.logError(`AH00132: file permissions deny server access: ${filename}`);
    return 403;
  }
  return { kind: 'file', file: filename, contentType: contentTypeWithCharset(r), ...named };
}

/** The content type with AddDefaultCharset's charset where a text has none (ap_make_content_type). */
export function contentTypeWithCharset(r: RequestRecord): string | null {
  const type = r.contentType;
  const charset = r.perDirConfig.get(core)?.defaultCharset;
  if (type === null || typeof charset !== 'string' || /;\s*charset=/i.test(type)) return type;
  const bare = (type.split(';', 1)[0] ?? '').trim().toLowerCase();
  return bare === 'text/plain' || bare === 'text/html' ? `${type}; charset=${charset}` : type;
}
