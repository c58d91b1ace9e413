import type { DirectiveUse } from '../../config/dirConfig';
import type { Command, Refusal } from '../define';
import { splitCommandLine } from './commandLine';

/** FCGID_PATH_MAX and FCGID_CMDLINE_MAX of fcgid_global.h. */
const MAX_PATH = 256;
const MAX_COMMAND_LINE = 512;

/** A program of FcgidWrapper. */
export interface Wrapper {
  readonly path: string;
  readonly commandLine: string;
  /** The program answers also where no file is. */
  readonly isVirtual: boolean;
}

/** The programs that mod_fcgid may ask about a request. */
export type Role = 'accessChecker' | 'authenticator' | 'authorizer';

/** mod_fcgid's per-directory configuration. */
export interface FcgidConfig {
  /** By extension with its dot; '' for all files. */
  readonly wrappers: Map<string, Wrapper>;
  /** Each as it is configured: its command line as arguments. */
  readonly programs: Map<Role, DirectiveUse>;
  /** Whether a program's refusal is final; it is where nothing says otherwise. */
  readonly authoritative: Map<Role, boolean>;
}

/** Nothing set. */
export function createFcgidConfig(): FcgidConfig {
  return { wrappers: new Map(), programs: new Map(), authoritative: new Map() };
}

/** The deeper folder's programs over the outer one's. */
export function mergeFcgidConfig(base: FcgidConfig, add: FcgidConfig): FcgidConfig {
  return {
    wrappers: new Map([...base.wrappers, ...add.wrappers]),
    programs: new Map([...base.programs, ...add.programs]),
    authoritative: new Map([...base.authoritative, ...add.authoritative]),
  };
}

const ROLES: Readonly<Record<Role, { readonly title: string; readonly word: string }>> = {
  accessChecker: { title: 'Access checker', word: 'access' },
  authenticator: { title: 'Authenticator', word: 'authenticator' },
  authorizer: { title: 'Authorizer', word: 'authorizer' },
};

/** FcgidAuthenticator and its like: the program must be there. */
export function program(role: Role): (cmd: Command, config: FcgidConfig, commandLine: string) => Refusal {
  const { title, word } = ROLES[role];
  return (cmd, config, commandLine) => {
    const path = splitCommandLine(commandLine)[0] ?? '';
    if (path === '') return `Invalid ${word} config`;
    const problem = cmd.fileProblem(path);
    if (problem !== undefined) return `${title} ${commandLine} cannot be accessed: ${problem}`;
    config.programs.set(role, { name: cmd.name, args: commandLine, origin: cmd.origin });
    return undefined;
  };
}

/** FcgidAuthenticatorAuthoritative and its like. */
export const authoritative =
  (role: Role) =>
  (_cmd: Command, config: FcgidConfig, on: boolean): Refusal => {
    config.authoritative.set(role, on);
    return undefined;
  };

const isVirtual = (word: string | undefined): boolean => word?.toLowerCase() === 'virtual';

/** FcgidWrapper command [.extension] [virtual] (set_wrapper_config). */
export function wrapper(
  cmd: Command,
  config: FcgidConfig,
  commandLine: string,
  second: string | undefined,
  third: string | undefined,
): Refusal {
  const isFlag = third === undefined && isVirtual(second);
  const extension = isFlag ? undefined : second;
  const flag = isFlag ? second : third;
  if (flag !== undefined && !isVirtual(flag)) return 'Invalid wrapper flag';
  if (extension !== undefined && !/^\.[^/\\]+$/s.test(extension)) return 'Invalid wrapper file extension';
  const path = splitCommandLine(commandLine)[0] ?? '';
  if (path === '') return 'Invalid wrapper config';
  const problem = cmd.fileProblem(path);
  if (problem !== undefined) return `Wrapper ${path} cannot be accessed: ${problem}`;
  if (path.length >= MAX_PATH) return 'Executable path length exceeds compiled-in limit';
  if (commandLine.length >= MAX_COMMAND_LINE) return 'Command line length exceeds compiled-in limit';
  config.wrappers.set(extension ?? '', { path, commandLine, isVirtual: flag !== undefined });
  return undefined;
}

/** The program that stands in for a file: that of its extension, or that of all files (get_wrapper_info). */
export function wrapperOf(config: FcgidConfig | undefined, filename: string): Wrapper | undefined {
  const dot = filename.lastIndexOf('.');
  const own = dot < 0 ? undefined : config?.wrappers.get(filename.slice(dot));
  return own ?? config?.wrappers.get('');
}
