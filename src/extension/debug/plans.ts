import * as path from 'node:path';
import type { Language, Preparation, ProgramStart } from '../../runner';

/** A configuration for VS Code's debugger of a language. */
export type DelegateConfiguration = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly request: 'launch' | 'attach';
  readonly name: string;
};

/** The VS Code extension that debugs a language. */
export interface DebuggerExtension {
  readonly id: string;
  readonly name: string;
}

/** The debuggers that are made use of, by language. */
export const DEBUGGERS: Readonly<Record<Language, DebuggerExtension>> = {
  python: { id: 'ms-python.debugpy', name: 'Python Debugger' },
  php: { id: 'xdebug.php-debug', name: 'PHP Debug' },
  perl: { id: 'mortenhenriksen.perl-debug', name: 'Perl Debug' },
  ruby: { id: 'koichisasada.vscode-rdbg', name: 'VSCode rdbg Ruby Debugger' },
};

/** What a plan is made of. */
export interface PlanInput {
  readonly name: string;
  /** Absolute. */
  readonly dispatcher: string;
  readonly start: ProgramStart;
  /** A port of this machine. */
  readonly port: number;
}

/** How a program is started for a debugger, and what the debugger is told. */
export interface DebugPlan {
  readonly configuration: DelegateConfiguration;
  readonly preparation: Preparation;
}

const HOST = '127.0.0.1';

/**
 * Runs debugpy from a folder that the interpreter may not know (first argument), with what lies beside it, behind everything that the
 * program itself would find.
 */
const RUN_DEBUGPY =
  'import sys; sys.path.append(sys.argv.pop(1)); from debugpy.server import cli; cli.main()';

/** Python's side: debugpy runs the dispatcher and connects to the adapter, which waits at a port. */
export function pythonPreparation(
  { dispatcher, start, port }: Omit<PlanInput, 'name'>,
  debugpy: string,
  python?: string,
): Preparation {
  const [interpreter = 'python3', ...options] = start.command;
  const wait = ['--connect', `${HOST}:${port}`, '--wait-for-client', '--configure-subProcess', 'false'];
  return {
    // Frozen modules hide breakpoints in them from the debugger, which warns about it.
    command: [
      python ?? interpreter,
      ...options,
      '-Xfrozen_modules=off',
      '-c',
      RUN_DEBUGPY,
      path.dirname(debugpy),
      ...wait,
      dispatcher,
    ],
    environment: { PYDEVD_DISABLE_FILE_VALIDATION: '1' },
  };
}

/** The adapter's side: it takes a free port and tells it. */
export function pythonConfiguration(name: string, justMyCode: boolean): DelegateConfiguration {
  const listen = { host: HOST, port: 0 };
  return { type: 'debugpy', request: 'attach', name, listen, justMyCode, subProcess: false };
}

/** Xdebug connects with every request to the debugger, which waits at the port for the whole session. */
export function phpPlan({ name, start, port }: PlanInput): DebugPlan {
  const [interpreter = 'php-cgi', ...options] = start.command;
  const settings = ['mode=debug', 'start_with_request=yes', `client_host=${HOST}`, `client_port=${port}`];
  const flags = settings.flatMap((setting) => ['-d', `xdebug.${setting}`]);
  return {
    configuration: { type: 'php', request: 'launch', name, hostname: HOST, port },
    preparation: { command: [interpreter, ...options, ...flags, ...start.script] },
  };
}

/** Perl's own debugger connects to the port when the program starts. */
export function perlPlan({ name, dispatcher, port }: PlanInput): DebugPlan {
  return {
    configuration: { type: 'perl', request: 'launch', name, program: dispatcher, console: 'remote', port },
    preparation: { environment: { PERL5OPT: '-d', PERLDB_OPTS: `RemotePort=${HOST}:${port}` } },
  };
}

/** Ruby's `debug` library waits at the port for the debugger before it runs the program. */
export function rubyPlan({ name, port }: PlanInput): DebugPlan {
  const environment = { RUBYOPT: '-rdebug/open', RUBY_DEBUG_HOST: HOST, RUBY_DEBUG_PORT: String(port) };
  return {
    configuration: { type: 'rdbg', request: 'attach', name, debugPort: `${HOST}:${port}` },
    preparation: { environment },
  };
}
