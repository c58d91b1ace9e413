import * as path from 'node:path';
import type { Answer } from '../apache/request/outcome';
import { textOfByteString } from '../text/bytes';
import type { HandlerRun } from '../project';
import { interpretedCommand, launchPlan, type ProgramCommand } from './launchPlan';
import { lookup } from '../text/lookup';

/**
 * How files of a handler are run: `fastcgi` and `cgi` through their own #! line, else by a program that speaks FastCGI
 * and gets the file's name in SCRIPT_FILENAME, as php-cgi does: its command line in one text, or word by word.
 * By extension with its dot (`.php`), or by the name of a handler (`application/x-httpd-php82`). */
export type Handlers = Readonly<Record<string, HandlerRun>>;

/** A file that runs, and how. */
export interface RunnableProgram {
  readonly via: 'fastcgi' | 'cgi';
  readonly command: ProgramCommand;
}

const FASTCGI_HANDLERS = new Set(['fcgid-script', 'fastcgi-script']);
const CGI_HANDLERS = new Set(['cgi-script', 'application/x-httpd-cgi']);
/** What hosts call the handler that runs PHP: by its module, by FPM, by their own name. */
const PHP_HANDLER = /php|^proxy:(?:unix|fcgi):/i;

/** A handler that no module of Apache's has is the default one, unless the project says what runs it. */
export function withNamedHandler(answer: Answer, handlers: Handlers): Answer {
  if (answer.kind !== 'file' || answer.handler === undefined) return answer;
  const { file, handler } = answer;
  return Object.hasOwn(handlers, handler) ? { kind: 'handler', file, handler } : answer;
}

/** What runs a file that a handler answers for; null where nothing here does. */
export function programFor(
  answer: Answer & { readonly kind: 'handler' },
  local: string,
  handlers: Handlers,
  platform: NodeJS.Platform = process.platform,
): RunnableProgram | null {
  const program = chosenProgram(answer, local, handlers);
  return program === null ? null : runnableOn(platform, program);
}

/** On Windows scripts need their interpreter in front, and what cannot listen runs as CGI. */
function runnableOn(platform: NodeJS.Platform, program: RunnableProgram): RunnableProgram {
  if (platform !== 'win32') return program;
  const { via, command } = program;
  if (via === 'fastcgi' && launchPlan(platform, command).kind !== 'none') return program;
  return { via: 'cgi', command: interpretedCommand(command) };
}

function chosenProgram(
  answer: Answer & { readonly kind: 'handler' },
  local: string,
  handlers: Handlers,
): RunnableProgram | null {
  const { handler, wrapper } = answer;
  if (wrapper !== undefined && wrapper.length > 0) return wrapped(wrapper.map(textOfByteString));
  const run =
    lookup(handlers, handler) ??
    (isCgiOrFastCgi(handler) ? undefined : lookup(handlers, path.extname(local)));
  if (run !== undefined) return runnable(run, local);
  if (FASTCGI_HANDLERS.has(handler)) return { via: 'fastcgi', command: ownCommand(local) };
  if (CGI_HANDLERS.has(handler)) return { via: 'cgi', command: ownCommand(local) };
  const php = PHP_HANDLER.test(handler) ? handlers['.php'] : undefined;
  return php === undefined ? null : runnable(php, local);
}

const isCgiOrFastCgi = (handler: string): boolean =>
  FASTCGI_HANDLERS.has(handler) || CGI_HANDLERS.has(handler);

function runnable(run: HandlerRun, local: string): RunnableProgram {
  if (run === 'cgi' || run === 'fastcgi') return { via: run, command: ownCommand(local) };
  return wrapped(typeof run === 'string' ? run.split(/\s+/).filter((word) => word !== '') : run);
}

/** A program that is started through its own #! line. */
export function ownCommand(file: string): ProgramCommand {
  return { file, program: file, args: [], folder: path.dirname(file) };
}

/** mod_fcgid starts a wrapper in the folder in which it lies; one that is found along PATH has none. */
function wrapped([program = '', ...args]: readonly string[]): RunnableProgram {
  const folder = path.isAbsolute(program) ? path.dirname(program) : path.parse(process.cwd()).root;
  return { via: 'fastcgi', command: { file: program, program, args, folder } };
}

/** What the server's own configuration would say of these handlers: extension without dot -> handler. */
export function addedHandlers(handlers: Handlers): Record<string, string> {
  const extensions = Object.entries(handlers).filter(([name]) => name.startsWith('.'));
  return Object.fromEntries(extensions.map(([name, run]) => [name.slice(1).toLowerCase(), handlerOf(run)]));
}

function handlerOf(run: HandlerRun): string {
  if (run === 'cgi') return 'cgi-script';
  return run === 'fastcgi' ? 'fcgid-script' : 'application/x-httpd-php';
}
