import { USUAL_FOREIGN } from './foreign';

/** What is known of the server that reads the `.htaccess`. The same object in project file, command and language server. */
export interface HostProfile {
  /** Version of Apache httpd, `2.4.N`. */
  readonly apache: string;
  /** Version of mod_fcgid, or null on a host without it. */
  readonly fcgid: string | null;
  /** Names of the loaded modules, as `mod_rewrite`, `core`, `http_core`. */
  readonly modules: readonly string[];
  /**
   * Directives of further modules, which are no part of Apache: names, or beginnings with `*`, as `Passenger*` and `Require shib-*`.
   * They are taken, whatever their arguments.
   */
  readonly directives: readonly string[];
  /** Where the tree of files lies on the server: absolute, no trailing slash. */
  readonly treeRoot: string;
  readonly serverName: string;
  readonly port: number;
  readonly https: boolean;
  readonly remoteAddr: string;
  readonly serverAddr: string;
  readonly serverAdmin: string;
  /** AllowOverride, and Nonfatal=… as its own words. */
  readonly allowOverride: readonly string[];
  /** AllowOverrideList; empty for none. */
  readonly allowOverrideList: readonly string[];
  /** The Options that `AllowOverride Options=…` lets through. */
  readonly allowOverrideOptions: 'all' | readonly string[];
  /** The Options that the server sets for the tree. */
  readonly options: readonly string[];
  /** Names given by -D or Define. */
  readonly defines: readonly string[];
  /** The server process's environment, for `${NAME}` and `%{ENV:NAME}`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly directoryIndex: readonly string[];
  /** Extension without dot -> handler, as AddHandler in the server's configuration. */
  readonly addHandler: Readonly<Record<string, string>>;
  /** Extension without dot -> media type, as the server's TypesConfig. */
  readonly mimeTypes: Readonly<Record<string, string>>;
  readonly useCanonicalName: 'Off' | 'On' | 'DNS';
  /** True where the server's files ignore case (macOS, Windows). */
  readonly caseInsensitive: boolean;
  /**
   * True where the permissions of the files here are those of the server; those of a working copy say nothing of it.
   * Apache's user is none of theirs then, or with `group` in the group of them all.
   */
  readonly fileModes: boolean | 'group';
}

/** Modules that an ordinary shared host loads. */
// prettier-ignore
export const USUAL_MODULES: readonly string[] = [
  'core', 'http_core', 'mod_so', 'mod_log_config', 'mod_logio', 'mod_version', 'mod_unixd', 'mod_watchdog',
  'mod_access_compat', 'mod_actions', 'mod_alias', 'mod_allowmethods', 'mod_asis', 'mod_auth_basic', 'mod_auth_digest',
  'mod_authn_anon', 'mod_authn_core', 'mod_authn_file', 'mod_authz_core', 'mod_authz_groupfile', 'mod_authz_host',
  'mod_authz_owner', 'mod_authz_user', 'mod_autoindex', 'mod_brotli', 'mod_cgi', 'mod_deflate', 'mod_dir', 'mod_env',
  'mod_expires', 'mod_ext_filter', 'mod_fcgid', 'mod_filter', 'mod_headers', 'mod_http2', 'mod_include', 'mod_mime',
  'mod_mime_magic', 'mod_negotiation', 'mod_proxy', 'mod_proxy_http', 'mod_proxy_fcgi', 'mod_remoteip',
  'mod_reqtimeout', 'mod_rewrite', 'mod_setenvif', 'mod_socache_shmcb', 'mod_speling', 'mod_ssl', 'mod_status',
  'mod_substitute', 'mod_suexec', 'mod_unique_id', 'mod_userdir', 'mod_usertrack', 'mod_vhost_alias',
];

// prettier-ignore
const USUAL_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html', htm: 'text/html', css: 'text/css', js: 'text/javascript', mjs: 'text/javascript', txt: 'text/plain',
  json: 'application/json', xml: 'application/xml', svg: 'image/svg+xml', png: 'image/png', jpg: 'image/jpeg',
  jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', avif: 'image/avif', ico: 'image/vnd.microsoft.icon',
  pdf: 'application/pdf', zip: 'application/zip', gz: 'application/gzip', woff: 'font/woff', woff2: 'font/woff2',
  ttf: 'font/ttf', otf: 'font/otf', mp3: 'audio/mpeg', mp4: 'video/mp4', webm: 'video/webm', csv: 'text/csv',
  wasm: 'application/wasm', webmanifest: 'application/manifest+json', map: 'application/json',
};

const USUAL_HOST: HostProfile = {
  apache: '2.4.71',
  fcgid: '2.3.9',
  modules: USUAL_MODULES,
  directives: USUAL_FOREIGN,
  treeRoot: '/site',
  serverName: 'www.example.test',
  port: 80,
  https: false,
  remoteAddr: '127.0.0.1',
  serverAddr: '127.0.0.1',
  serverAdmin: '[no address given]',
  allowOverride: ['All'],
  allowOverrideList: [],
  allowOverrideOptions: 'all',
  options: ['All'],
  defines: [],
  environment: { PATH: '/usr/local/bin:/usr/bin:/bin' },
  directoryIndex: ['index.html'],
  addHandler: { fcgi: 'fcgid-script' },
  mimeTypes: USUAL_TYPES,
  useCanonicalName: 'Off',
  caseInsensitive: false,
  fileModes: false,
};

/**
 * A whole profile from the fields that are known; the rest describes a usual shared host. Who names the modules names them all: there
 * are no directives of others then.
 */
export function hostProfile(known: Partial<HostProfile> = {}): HostProfile {
  const directives = known.modules === undefined ? USUAL_HOST.directives : [];
  return { ...USUAL_HOST, directives, ...known };
}

/** The version that was asked for last: thousands of times while one file is read. */
let last = { version: '', patch: 0 };

/** What a server of this profile calls itself, in SERVER_SOFTWARE and the header Server. */
export function serverSoftware(host: HostProfile): string {
  return `Apache/${host.apache} (Unix)${host.fcgid === null ? '' : ` mod_fcgid/${host.fcgid}`}`;
}

/** The N of the host's 2.4.N; 0 for an older series and a very large number for a newer one. */
export function patchOf(host: HostProfile): number {
  if (last.version !== host.apache) last = { version: host.apache, patch: readPatch(host.apache) };
  return last.patch;
}

function readPatch(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  if (major === 2 && minor === 4) return patch;
  return major > 2 || (major === 2 && minor > 4) ? Number.MAX_SAFE_INTEGER : 0;
}

/** True when the host runs at least 2.4.N. */
export function isAtLeast(host: HostProfile, patch: number): boolean {
  return patchOf(host) >= patch;
}
