import * as v from 'valibot';
import type { HostProfile } from '../apache/host';
import { choice, flag, list, named, object, port, text, texts, whole, type SchemaOf } from './fields';
import { hostSchema } from './host';

/** How a new process is brought to life after an upload. */
export type Reload =
  'auto' | 'replace' | 'touch' | 'restart-file' | 'end-workers' | 'new-name' | { readonly command: string };

/** An SSH server without an entry in ~/.ssh/config. */
export interface SshAddress {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  /** Path of a private key; `~/` is the home folder. */
  readonly identityFile?: string;
}

/** The project file as written: every field optional. */
export interface ProjectInput {
  readonly documentRoot?: string;
  readonly dispatcher?: string;
  readonly host?: Partial<HostProfile>;
  readonly runner?: RunnerInput;
  readonly targets?: Readonly<Record<string, TargetInput>>;
  readonly defaultTarget?: string;
  /** How loudly each advice is shown, by its code. */
  readonly advice?: Readonly<Record<string, AdviceLevel>>;
}

/** Levels at which an advice can be shown; `error` makes `fastcgi check` fail. */
export const ADVICE_LEVELS = ['off', 'hint', 'information', 'warning', 'error'] as const;

/** How loudly an advice is shown. */
export type AdviceLevel = (typeof ADVICE_LEVELS)[number];

/** How closely the local server follows a real one. */
export type RunnerMode = 'kind' | 'faithful' | 'mod_fastcgi';

/** What runs the files of an extension or handler: `cgi`, `fastcgi`, or the command line of a FastCGI interpreter. */
export type HandlerRun = string | readonly string[];

export interface RunnerInput {
  readonly port?: number;
  readonly mode?: RunnerMode;
  readonly handlers?: Readonly<Record<string, HandlerRun>>;
  readonly accessLog?: string;
  readonly processes?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly requestTimeout?: number;
}

/** Permissions as `chmod` takes them, in octal digits: "644". */
export interface ModesInput {
  readonly files?: string;
  readonly programs?: string;
  readonly folders?: string;
}

export interface TargetInput {
  readonly ssh: string | SshAddress;
  readonly path: string;
  readonly url?: string;
  readonly log?: string;
  readonly logs?: Readonly<Record<string, string>>;
  readonly ignore?: readonly string[];
  readonly modes?: ModesInput;
  readonly reload?: Reload;
  readonly ask?: boolean;
  readonly tryPrograms?: boolean;
  readonly host?: Partial<HostProfile>;
}

const SSH_HOST = 'must be a Host of ~/.ssh/config or the name of a server (it cannot begin with a dash)';
/** A leading dash would be read as an option by programs that get the name as an argument. */
const sshHost = text(/^[^\s-]\S*$/, SSH_HOST);

const sshAddress = object({
  host: sshHost,
  port: v.exactOptional(port),
  user: v.exactOptional(text(/^[^\s@-][^\s@]*$/, 'must be a user name')),
  identityFile: v.exactOptional(
    v.pipe(
      text(/./, 'must be the path of a private key'),
      v.check(
        (value) => !value.startsWith('-----BEGIN'),
        'must be the path of a private key, not the key itself',
      ),
    ),
  ),
});

const RELOADS = ['auto', 'replace', 'touch', 'restart-file', 'end-workers', 'new-name'] as const;

const WEB = 'must be the http:// or https:// address of the site, without user name or password';

const NOT_WRITABLE = 'never writable by group or others: suEXEC would not run it';

/** What others may do is read and enter only, and the owner must be able to go on working. */
const modes = object({
  files: v.exactOptional(
    text(/^0?[4-7][0145][0145]$/, `must be permissions of files as "644", readable by you, ${NOT_WRITABLE}`),
  ),
  programs: v.exactOptional(
    text(
      /^0?[57][0145][0145]$/,
      `must be permissions of programs as "755", executable by you, ${NOT_WRITABLE}`,
    ),
  ),
  folders: v.exactOptional(
    text(
      /^0?7[0145][0145]$/,
      `must be permissions of folders as "755", all of them for you, ${NOT_WRITABLE}`,
    ),
  ),
});

const target = object({
  ssh: v.lazy<SchemaOf<string | SshAddress>>((value) =>
    typeof value === 'object' && value !== null ? sshAddress : sshHost,
  ),
  path: text(/^[^\s-]/, 'must be the folder on the server, as "/home/me/public_html"'),
  url: v.exactOptional(v.pipe(v.string(WEB), v.check(isWebAddress, WEB))),
  log: v.exactOptional(text(/^[^\s-]/, 'must be the path of the error log on the server')),
  logs: v.exactOptional(named(text(/^[^\s-]/, 'must be the path of a log on the server'))),
  ignore: v.exactOptional(list(/\S/, 'must be a list of patterns as in .gitignore')),
  modes: v.exactOptional(modes),
  reload: v.exactOptional(
    v.lazy<SchemaOf<Reload>>((value) =>
      typeof value === 'object' && value !== null
        ? object({ command: text(/\S/, 'must be a command for the shell on the server') })
        : choice(RELOADS),
    ),
  ),
  ask: v.exactOptional(flag),
  tryPrograms: v.exactOptional(flag),
  host: v.exactOptional(hostSchema),
});

const HANDLER =
  'must be "cgi", "fastcgi", or the command line of a program that speaks FastCGI, as "php-cgi"';

const handlerRun = v.lazy<SchemaOf<HandlerRun>>((value) =>
  Array.isArray(value) ? list(/./, HANDLER) : text(/\S/, HANDLER),
);

/** The schema of `.vscode/fastcgi.json`; media/fastcgi.schema.json says the same to an editor. */
export const projectSchema: SchemaOf<ProjectInput> = object({
  $schema: v.exactOptional(v.string()),
  documentRoot: v.exactOptional(folder()),
  dispatcher: v.exactOptional(folder()),
  host: v.exactOptional(hostSchema),
  runner: v.exactOptional(
    object({
      port: v.exactOptional(whole(0, 65_535)),
      mode: v.exactOptional(choice(['kind', 'faithful', 'mod_fastcgi'])),
      handlers: v.exactOptional(named(handlerRun)),
      accessLog: v.exactOptional(folder()),
      processes: v.exactOptional(whole(1, 64)),
      environment: v.exactOptional(texts),
      requestTimeout: v.exactOptional(whole(1, 3600)),
    }),
  ),
  targets: v.exactOptional(named(target)),
  defaultTarget: v.exactOptional(text(/\S/, 'must be the name of a target')),
  advice: v.exactOptional(named(choice(ADVICE_LEVELS))),
});

/** A path that stays inside the workspace. */
function folder() {
  const message = 'must be a path inside the workspace, with "/" between its parts';
  return v.pipe(
    text(/^(?![/~]|[A-Za-z]:)[^\\]+$/, message),
    v.check((value) => !value.split('/').includes('..'), message),
  );
}

function isWebAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
