import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { USUAL_MODULES } from '../../../src/apache/host';

/** Where Debian and Ubuntu keep Apache's modules. */
export const MODULE_FOLDER = '/usr/lib/apache2/modules';

/** Linked into Debian's binary (`apache2 -l`): LoadModule would refuse them. */
export const BUILT_IN: ReadonlySet<string> = new Set([
  'core',
  'http_core',
  'mod_so',
  'mod_watchdog',
  'mod_log_config',
  'mod_logio',
  'mod_version',
  'mod_unixd',
]);

/** Others link to symbols of these, so they come first, in this order. */
const FIRST = [
  'mod_slotmem_shm',
  'mod_slotmem_plain',
  'mod_proxy',
  'mod_dav',
  'mod_ldap',
  'mod_dbd',
  'mod_cache',
  'mod_session',
  'mod_authn_core',
  'mod_authz_core',
  'mod_auth_basic',
  'mod_ssl',
  'mod_http2',
];

/** How Apache serves connections: the name of its MPM. */
export type ProcessModel = 'prefork' | 'event' | 'worker';

/**
 * The LoadModule lines for a process model and a selection of modules (`mod_rewrite`, …; names that this machine does
 * not have, or that are built in, are left out). `'all'` is every module of the module folder.
 */
export function loadModuleLines(
  processModel: ProcessModel,
  selection: 'all' | readonly string[] = USUAL_MODULES,
): string[] {
  const wanted = selection === 'all' ? installedModules() : selection;
  const names = [`mod_mpm_${processModel}`, ...inLoadOrder(new Set(wanted))];
  return names.filter(isLoadable).map(loadModuleLine);
}

/** Every module file of the module folder, without the MPMs, sorted by name. */
export function installedModules(): string[] {
  return readdirSync(MODULE_FOLDER)
    .filter((file) => file.endsWith('.so') && !file.startsWith('mod_mpm_'))
    .map((file) => file.slice(0, -'.so'.length))
    .sort();
}

/** mod_authz_core's Require is what lets a request through, so no selection goes without it. */
function inLoadOrder(wanted: ReadonlySet<string>): string[] {
  const first = FIRST.filter((name) => wanted.has(name) || name === 'mod_authz_core');
  return [...first, ...[...wanted].filter((name) => !first.includes(name))];
}

function isLoadable(name: string): boolean {
  return !BUILT_IN.has(name) && existsSync(join(MODULE_FOLDER, `${name}.so`));
}

/** In every module file of Debian's packages the symbol is the file's name with `mod_` moved to the end (measured with nm). */
function loadModuleLine(name: string): string {
  return `LoadModule ${name.replace(/^mod_/, '')}_module ${join(MODULE_FOLDER, `${name}.so`)}`;
}
