/**
 * What package.json contributes, as types: a test holds the two equal both ways, so that a mistyped id or a setting
 * without a default is an error of the compiler or of that test, and never a command that does nothing.
 */

/** Every command, with whether it is offered in the command palette. */
export const COMMANDS = {
  'fastcgi.newProject': { palette: true },
  'fastcgi.checkDispatcher': { palette: true },
  'fastcgi.checkDispatcherOnTarget': { palette: true },
  'fastcgi.run': { palette: true },
  'fastcgi.debug': { palette: true },
  'fastcgi.stop': { palette: true },
  'fastcgi.restartDispatcher': { palette: true },
  'fastcgi.openInBrowser': { palette: true },
  'fastcgi.openInSimpleBrowser': { palette: true },
  'fastcgi.site.restart': { palette: false },
  'fastcgi.site.clearPause': { palette: false },
  'fastcgi.uploadProject': { palette: true },
  'fastcgi.uploadFile': { palette: true },
  'fastcgi.uploadChanged': { palette: true },
  'fastcgi.uploadToSeveral': { palette: true },
  'fastcgi.previewUpload': { palette: true },
  'fastcgi.preview.upload': { palette: false },
  'fastcgi.preview.open': { palette: false },
  'fastcgi.preview.close': { palette: false },
  'fastcgi.reload': { palette: true },
  'fastcgi.findModule': { palette: true },
  'fastcgi.rollback': { palette: true },
  'fastcgi.deployed': { palette: true },
  'fastcgi.recover': { palette: true },
  'fastcgi.download': { palette: true },
  'fastcgi.compareWithServer': { palette: true },
  'fastcgi.openRemoteFile': { palette: true },
  'fastcgi.chooseTarget': { palette: true },
  'fastcgi.importTargets': { palette: true },
  'fastcgi.openProjectFile': { palette: true },
  'fastcgi.forgetPasswords': { palette: true },
  'fastcgi.restartLanguageServer': { palette: true },
  'fastcgi.showOutput': { palette: true },
  'fastcgi.convertToLf': { palette: true },
  'fastcgi.removeByteOrderMark': { palette: true },
  'fastcgi.repairScript': { palette: false },
  'fastcgi.requests.show': { palette: true },
  'fastcgi.requests.clear': { palette: false },
  'fastcgi.watchUrl': { palette: true },
  'fastcgi.stopWatching': { palette: true },
  'fastcgi.showUrls': { palette: true },
  'fastcgi.debugAnotherUrl': { palette: true },
  'fastcgi.log.follow': { palette: true },
  'fastcgi.log.pause': { palette: false },
  'fastcgi.log.stop': { palette: false },
  'fastcgi.log.clear': { palette: false },
  'fastcgi.log.clearProblems': { palette: true },
  'fastcgi.doctor': { palette: true },
} as const;

/** The id of a command. */
export type CommandId = keyof typeof COMMANDS;

/** Whether this is one of our own commands: a page may ask for nothing else. */
export function isCommand(id: string): id is CommandId {
  return Object.hasOwn(COMMANDS, id);
}

/** Every setting: its type in JSON, its default, and where it may be set. */
export const SETTINGS = {
  'fastcgi.guard.lfOnSave': { type: 'boolean', default: true, scope: 'resource' },
  'fastcgi.log.maximumLines': { type: 'number', default: 20_000, scope: 'window' },
  'fastcgi.log.notify': { type: 'boolean', default: true, scope: 'window' },
  'fastcgi.reload.afterUpload': { type: 'boolean', default: false, scope: 'resource' },
  'fastcgi.upload.onSave': { type: 'boolean', default: false, scope: 'resource' },
  'fastcgi.upload.urlTests': { type: 'boolean', default: true, scope: 'resource' },
  'fastcgi.upload.preflight': { type: 'boolean', default: false, scope: 'resource' },
  'fastcgi.runner.liveReload': { type: 'boolean', default: true, scope: 'resource' },
  'fastcgi.runner.openBrowser': { type: 'boolean', default: false, scope: 'window' },
  'htaccess.advice.severity': { type: 'object', default: {}, scope: 'window' },
  'htaccess.autoClosingTags': { type: 'boolean', default: true, scope: 'resource' },
  'htaccess.codeLens': { type: 'boolean', default: true, scope: 'resource' },
  'htaccess.format.arguments': { type: 'string', default: 'keep', scope: 'resource' },
} as const;

/** The id of a setting. */
export type SettingId = keyof typeof SETTINGS;

interface SettingTypes {
  readonly boolean: boolean;
  readonly number: number;
  readonly string: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** The type of a setting's value. */
export type SettingValue<Id extends SettingId> = SettingTypes[(typeof SETTINGS)[Id]['type']];

/** Every view, by its container. */
export const VIEWS = {
  log: 'fastcgi.log',
  preview: 'fastcgi.preview',
  requests: 'fastcgi.requests',
  site: 'fastcgi.site',
  urls: 'fastcgi.urls',
} as const;

/** The containers of the views, in the panel area. */
export const VIEW_CONTAINERS = {
  panel: 'fastcgi',
  requests: 'fastcgiRequests',
  urls: 'fastcgiUrls',
  upload: 'fastcgiUpload',
} as const;

/** Containers of VS Code that hold views of ours too. */
export const FOREIGN_CONTAINERS = { explorer: 'explorer' } as const;

/** Keys that `when` clauses read. */
export const CONTEXT_KEYS = {
  /** The extension runs: something of the workspace concerns it, or somebody has called it. */
  active: 'fastcgi.active',
  /** It runs with a machine behind it, not in a browser alone. */
  onMachine: 'fastcgi.onMachine',
  /** The local runner listens. */
  running: 'fastcgi.running',
  /** The log panel does not stick to the newest line. */
  logPaused: 'fastcgi.logPaused',
  /** A URL is watched in the .htaccess files. */
  watching: 'fastcgi.watching',
  /** A remote log is being read. */
  logConnected: 'fastcgi.logConnected',
  /** The plan of an upload is shown. */
  previewing: 'fastcgi.previewing',
  /** A folder has a target, or a project file that has to be corrected first. */
  hasTarget: 'fastcgi.hasTarget',
} as const;

/** The name of a context key. */
export type ContextKey = (typeof CONTEXT_KEYS)[keyof typeof CONTEXT_KEYS];

/** Languages: ours, and the one that another extension gives to the same files as the first. */
export const LANGUAGES = { htaccess: 'htaccess', urls: 'urltests', apacheconf: 'apacheconf' } as const;

/** The project file, relative to the workspace folder. */
export const PROJECT_FILE = '.vscode/fastcgi.json';

/** The type of our launch configurations. */
export const DEBUG_TYPE = 'fastcgi';

/** The type of launch configurations that step through the rules of a .htaccess. */
export const HTACCESS_DEBUG_TYPE = 'htaccess';
