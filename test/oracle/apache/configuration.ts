import { hostProfile } from '../../../src/apache/host';
import { loadModuleLines, type ProcessModel } from './modules';

/** The user of the children where Apache is started as root. */
export const SERVER_USER = 'www-data';

/** What a private Apache needs to know. Only the document root is required. */
export interface ApacheOptions {
  /** Absolute; must be readable for `user`, as must the folders above it. */
  readonly documentRoot: string;
  /** `mod_…` names, `'all'`, or the usual shared host's when absent. */
  readonly modules?: 'all' | readonly string[];
  /** Further directives, at the end of the server's configuration. */
  readonly config?: string;
  /** AllowOverride of the document root; `All` when absent. */
  readonly allowOverride?: string;
  /** Options of the document root; `All` when absent. */
  readonly directoryOptions?: string;
  /** Variables of the server process, besides PATH. */
  readonly environment?: Readonly<Record<string, string>>;
  /** As after LogLevel: `rewrite:trace8`. `warn` when absent. */
  readonly logLevel?: string;
  /** As after ErrorLogFormat; Apache's default when absent. */
  readonly errorLogFormat?: string;
  /** User of the children when started as root; www-data when absent. Ignored otherwise. */
  readonly user?: string;
  /** `prefork` when absent. */
  readonly processModel?: ProcessModel;
  /** Children under prefork (fixed number); 4 when absent. Oracles take one, so that requests run one after the other. */
  readonly children?: number;
  /** Folders that end with the server: `stop` removes them, as does the end of this process. */
  readonly ownFolders?: readonly string[];
  /** As after ServerName; `www.example.test:80` when absent. */
  readonly serverName?: string;
  /** Extension without dot -> media type; the default host profile's when absent. */
  readonly mimeTypes?: Readonly<Record<string, string>>;
}

/** The text of the server's mime.types. */
export function mimeTypesFile(options: ApacheOptions): string {
  const types = Object.entries(options.mimeTypes ?? hostProfile().mimeTypes);
  return types.map(([extension, type]) => `${type} ${extension}\n`).join('');
}

/** The whole configuration of a server that listens on `port` and keeps all its own files in `folder`. */
export function configuration(options: ApacheOptions, place: { port: number; folder: string }): string {
  const processModel = options.processModel ?? 'prefork';
  return [
    `ServerRoot "${place.folder}"`,
    `ServerName ${options.serverName ?? 'www.example.test:80'}`,
    `Listen 127.0.0.1:${place.port}`,
    ...loadModuleLines(processModel, options.modules),
    ...userLines(options.user),
    ...runtimeLines(place.folder),
    ...processLines(processModel, options.children ?? 4),
    `LogLevel ${options.logLevel ?? 'warn'}`,
    ...(options.errorLogFormat === undefined ? [] : [`ErrorLogFormat "${options.errorLogFormat}"`]),
    ...documentRootLines(options),
    options.config ?? '',
    '',
  ].join('\n');
}

function userLines(user: string = SERVER_USER): string[] {
  return process.getuid?.() === 0 ? [`User ${user}`, `Group ${user}`] : [];
}

function runtimeLines(folder: string): string[] {
  return [
    `PidFile "${folder}/apache.pid"`,
    `ErrorLog "${folder}/error.log"`,
    `DefaultRuntimeDir "${folder}/run"`,
    `Mutex file:${folder}/run default`,
    'KeepAlive On',
    'MaxKeepAliveRequests 0',
    'KeepAliveTimeout 300',
    'Timeout 300',
    // Files on tmpfs come and go while they are served; mapped ones would raise SIGBUS.
    'EnableSendfile Off',
    'EnableMMAP Off',
    '<IfModule mod_cgid.c>',
    `ScriptSock "${folder}/run/cgid"`,
    '</IfModule>',
    '<IfModule mod_fcgid.c>',
    `FcgidIPCDir "${folder}/run/fcgid"`,
    `FcgidProcessTableFile "${folder}/run/fcgid_table"`,
    '</IfModule>',
    '<IfModule mod_md.c>',
    `MDStoreDir "${folder}/run/md"`,
    '</IfModule>',
    '<IfModule mod_mime.c>',
    `TypesConfig "${folder}/mime.types"`,
    '</IfModule>',
  ];
}

function processLines(processModel: ProcessModel, children: number): string[] {
  if (processModel !== 'prefork') return ['StartServers 1'];
  return [
    `ServerLimit ${children}`,
    `StartServers ${children}`,
    // Otherwise one busy child of many makes Apache complain that it may start no more (AH00161).
    `MinSpareServers 1`,
    `MaxSpareServers ${children}`,
    `MaxRequestWorkers ${children}`,
    'MaxConnectionsPerChild 0',
  ];
}

function documentRootLines(options: ApacheOptions): string[] {
  return [
    `DocumentRoot "${options.documentRoot}"`,
    '<Directory "/">',
    'AllowOverride None',
    'Require all granted',
    '</Directory>',
    `<Directory "${options.documentRoot}">`,
    `AllowOverride ${options.allowOverride ?? 'All'}`,
    `Options ${options.directoryOptions ?? 'All'}`,
    '</Directory>',
    '<IfModule mod_mime.c>',
    'AddHandler fcgid-script .fcgi',
    '</IfModule>',
  ];
}
