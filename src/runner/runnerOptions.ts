import * as path from 'node:path';
import { hostProfile, type HostProfile } from '../apache/host';
import type { RunnerMode } from '../project';
import { byteStringOfText } from '../text/bytes';
import type { Evaluate } from './evaluator';
import type { EventSink } from './events';
import { MODES, type ModeRules } from './mode';
import type { Prepare } from './pool';
import type { Handlers } from './programs';

/** How a site is run on this machine. Only `root` is needed. */
export interface RunnerOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  /** The document root, relative to `root`; `root` itself by default. */
  readonly documentRoot?: string;
  /** The project's own dispatcher, relative to `root`, where it names one. */
  readonly dispatcher?: string;
  /** What is known of the real host. `treeRoot` is the project's folder unless given, so that paths are real ones. */
  readonly host?: Partial<HostProfile>;
  /** What Apache does with a request; `evaluate` of apache/request unless given. */
  readonly evaluate?: Evaluate;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** A further name, beside localhost, by which the site may be asked for. */
  readonly name?: string;
  /** How closely a real server is followed; `kind` by default. */
  readonly mode?: RunnerMode;
  /** What runs files that are no FastCGI programs of their own: `{ '.php': 'php-cgi' }`. */
  readonly handlers?: Handlers;
  /** A file, absolute, to which the access log is appended in Apache's combined format. */
  readonly accessLog?: string;
  /** Environment of the programs beside PATH. As on a server, nothing else of this machine's environment is passed. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds of silence after which a program is stopped: as in the server that the mode follows; 0 for never. */
  readonly requestTimeLimit?: number;
  /** Processes of one dispatcher: 4 by default. */
  readonly maxProcesses?: number;
  /** Bytes of a request body that a program gets; as in the server that the mode follows, without limit in `kind`. */
  readonly maxBody?: number;
  /** False shows Apache's own page for failures instead of the explanation. */
  readonly developerPages?: boolean;
  /** False leaves changed files unnoticed until `restart()`. */
  readonly watch?: boolean;
  /** True tells everything about each request in its event: headers, variables, the start of the bodies, the trace. */
  readonly recordRequests?: boolean;
  /** Asked before each start of a program: a debugger has it started its own way. */
  readonly prepare?: Prepare;
  /** True lets pages in a browser reload when a file of the site changes: a script follows those that may carry one. */
  readonly liveReload?: boolean;
  /** Opens a line of a file in an editor: pages about failures then link to it. */
  readonly onOpen?: (file: string, line: number) => void;
  /** Takes what happens. */
  readonly onEvent?: EventSink;
}

/** The mode, with the project's own limit of bodies. */
export function rulesOf({ mode = 'kind', maxBody }: RunnerOptions): ModeRules {
  const rules = MODES[mode];
  return maxBody === undefined ? rules : { ...rules, bodyLimit: maxBody, streamsBodies: false };
}

/** What the site is told of itself. */
export function siteOptions(options: RunnerOptions): { folder: string; treeRoot?: string } {
  const treeRoot = options.host?.treeRoot;
  return treeRoot === undefined ? { folder: options.root } : { folder: options.root, treeRoot };
}

/** The document root on the server. */
export function serverFolder({ root, documentRoot = root }: RunnerOptions, treeRoot: string): string {
  const below = path.relative(root, documentRoot).split(path.sep).join('/');
  return below === '' ? treeRoot : `${treeRoot}/${byteStringOfText(below)}`;
}

/** Names that a Host header may hold, in lower case. */
export function allowedNames(name: string | undefined): Set<string> {
  return new Set(['localhost', '127.0.0.1', '[::1]', ...(name ? [name.toLowerCase()] : [])]);
}

/** PATH and what was asked for, as mod_fcgid with FcgidInitialEnv; Windows needs a little more to run anything. */
export function programEnvironment(options: RunnerOptions): Readonly<Record<string, string>> {
  const searchPath = process.env['PATH'] ?? hostProfile(options.host).environment['PATH'] ?? '';
  const ofWindows = ['SYSTEMROOT', 'COMSPEC', 'PATHEXT', 'WINDIR'].flatMap((name): [string, string][] => {
    const value = process.platform === 'win32' ? process.env[name] : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  const own = MODES[options.mode ?? 'kind'].givesPath ? { PATH: searchPath } : {};
  return { ...Object.fromEntries(ofWindows), ...own, ...options.environment };
}
