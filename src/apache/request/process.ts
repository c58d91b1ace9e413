import { registryFor } from '../config/registry';
import { LUA_SECTION, unknownEffect } from '../config/unknownEffects';
import type { HostProfile } from '../host';
import { checkAccess } from './access';
import { hooksOf, orderedHooks, runAll, runFirst, type HookTable } from './hooks';
import type { RequestRecord } from './record';
import { fileWalk, ifWalk } from './sections';
import { normalizePath, unescapePath } from './uri';
import { mergePath } from '../paths';
import { directoryWalk } from './walk';

const tables = new WeakMap<HostProfile, HookTable>();

/** The hooks of the modules that a host loads. */
export function hookTable(host: HostProfile): HookTable {
  let table = tables.get(host);
  if (table === undefined) {
    tables.set(host, (table = orderedHooks(registryFor(host).modules)));
  }
  return table;
}

const FIXUPS = ['firstFixups', 'fixups', 'lastFixups'] as const;

/**
 * All that happens before a handler answers (ap_process_request_internal): path, translation, walks, access, type,
 * fixups. 'ok', or the status to answer with.
 */
export function processRequest(r: RequestRecord): 'ok' | number {
  traceBegin(r);
  const isFileRequest = r.main !== null && r.filename !== null;
  const mapped = isFileRequest ? decodeUri(r) : mapToFile(r);
  if (mapped !== 'ok') return mapped;
  const walked = directoryWalk(r);
  if (walked !== 'ok') return walked;
  fileWalk(r);
  ifWalk(r);
  if (r.main === null) noteUnknown(r);
  const table = hookTable(r.host);
  if (r.main === null) {
    const parsed = runAll(hooksOf(table, 'headerParser'), r);
    if (typeof parsed === 'number') return parsed;
  }
  const access = checkAccess(r, table);
  if (access !== 'ok') return access;
  const type = runFirst(hooksOf(table, 'typeChecker'), r);
  if (typeof type === 'number') return type;
  for (const phase of FIXUPS) {
    const fixed = runAll(hooksOf(table, phase), r);
    if (typeof fixed === 'number') return fixed;
  }
  return 'ok';
}

/** Says which directives are in force that this evaluation goes on without, since only the server knows their effect. */
function noteUnknown(r: RequestRecord): void {
  for (const { name, args, origin } of r.perDirConfig.unknownUses()) {
    const reason = `${unknownEffect(name, args) ?? 'what its module does'} is not known here: the way goes on without it`;
    r.noteUnknown({ name: name === LUA_SECTION ? '<LuaHook' : name, args, origin }, reason);
  }
}

function traceBegin(r: RequestRecord): void {
  if (!r.isTracing) return;
  const isFile = r.main !== null && r.filename !== null;
  const asked = isFile ? (r.filename ?? '') : r.unparsedUri;
  const parent = r.prev ?? r.main;
  const reason = r.begunBy ?? 'the client asks';
  r.addTrace({
    module: 'core',
    text: `${reason}: ${asked}`,
    event: {
      result: 'begun',
      reason,
      changes: [{ what: isFile ? 'file' : 'uri', after: asked }],
      ...(parent === null ? {} : { parent: parent.id }),
    },
  });
}

/** The longest path that APR puts together, and what it reckons for slashes and the end of the string. */
const PATH_MAX = 4096;
const SLASHES_AND_END = 4;

/** The URL of a file that is looked up; one that is not of the request's own folder has none. */
function decodeUri(r: RequestRecord): 'ok' | number {
  if (r.uri === '') return 'ok';
  const { path, status } = unescapePath(r.uri);
  r.uri = path;
  return status === 0 ? 'ok' : status;
}

/** Cleans and decodes the path, and puts it below the document root (ap_core_translate). */
export function mapToFile(r: RequestRecord): 'ok' | number {
  const normalized = normalizePath(r.encodedPath);
  r.uri = normalized.path;
  if (!normalized.valid) {
    r.logError(`AH10244: invalid URI path (${r.unparsedUri})`);
    return 400;
  }
  const unescaped = unescapePath(normalized.path);
  r.uri = unescaped.path;
  if (unescaped.status !== 0) return unescaped.status;
  if (r.isOfOtherScheme || !r.uri.startsWith('/')) {
    r.logError(`AH00126: Invalid URI in request '${r.uri}' '${r.requestLine}'`);
    return 400;
  }
  const below = r.uri.startsWith('//') ? r.uri.replace(/^\/+/, '') : r.uri.slice(1);
  const { documentRoot } = r.evaluation;
  if (documentRoot.length + below.length + SLASHES_AND_END > PATH_MAX) {
    r.logError(`AH00127: Cannot map ${r.requestLine} to file`);
    return 403;
  }
  r.filename = mergePath(`${documentRoot}/${below}`);
  return 'ok';
}
