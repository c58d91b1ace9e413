import type { HostProfile } from '../host';
import type { ConfigDirective } from '../config/directive';
import type { DirConfig } from '../config/dirConfig';
import type { Expr, ExprPlace } from '../expr';
import type { Regex } from '../regex';
import type { PhaseHooks } from '../request/hooks';
import type { AuthnProvider, AuthzProvider } from './providers';

/** Where a directive may stand: the AllowOverride classes (also in .htaccess), and the places of the server's own files. */
export type Place =
  | 'AuthConfig'
  | 'FileInfo'
  | 'Indexes'
  | 'Limit'
  | 'Options'
  /** Any class: allowed wherever at least one override class is. */
  | 'All'
  /** Server configuration, outside of <Directory>. */
  | 'RSRC_CONF'
  /** Inside <Directory> and <Location>, but not in .htaccess. */
  | 'ACCESS_CONF'
  /** Inside <Proxy>. */
  | 'PROXY_CONF';

/** Apache's own words when it refuses a directive; undefined when it takes it. */
export type Refusal = string | undefined;

/** Where a directive stands, as the trace names it. Empty for a line of a macro: no file has it under its number. */
export interface Origin {
  /** The .htaccess, absolute on the server. */
  readonly file?: string;
  /** 1-based, the last physical line: the one that Apache counts. */
  readonly line?: number;
  /** The first physical line, where `\` joins several. */
  readonly firstLine?: number;
}

/** What a directive's function sees besides its arguments: Apache's cmd_parms. */
export interface Command {
  readonly host: HostProfile;
  /** The registered name, as `RewriteRule` or `<Files`. */
  readonly name: string;
  /** The directive as it stands in the file, with line and parent. */
  readonly directive: ConfigDirective;
  /** The place of that directive, also inside a section. */
  readonly origin: Origin;
  /** The folder of the .htaccess with a slash at its end; inside a section what Apache puts there (`*If`, the <Files> argument). */
  path: string;
  /** Bits of the methods of an enclosing <Limit>, or -1. */
  limited: number;
  /** The configuration that directives write to at this moment. */
  readonly context: DirConfig;
  /** The Options that may be changed here, as AllowOverride Options=… says. */
  readonly overrideOptions: 'all' | readonly string[];
  /** Adds a line to Apache's log that does not stop it. */
  warn(message: string): void;
  /**
   * Carries out the directives inside the current section on a configuration (ap_walk_config); with `override` only those
   * of these classes, whatever AllowOverride says.
   */
  walkChildren(config: DirConfig, override?: readonly Place[]): Refusal;
  /**
   * The same for sections that may be nested without end: `after` runs when the directives inside are done, and says what
   * the section's own directive would. To be returned at once.
   */
  walkSection(config: DirConfig, after: () => Refusal): Refusal;
  /** A fresh, empty configuration for a section. */
  newConfig(): DirConfig;
  /** While reading: reads on to the closing tag of the current section and gives its directives to the tree (ap_build_cont_config). */
  buildContainer(): Refusal;
  /** While reading: skips to the closing tag of the current section (ap_soak_end_container). */
  soakContainer(): Refusal;
  /** What is being read: its name in messages, and the line read last. */
  readonly file: { readonly name: string; readonly lineNumber: number };
  /** While reading: the next line, joined and trimmed; undefined at the end, or where it is longer than `size` bytes (ap_cfg_getline). */
  readLine(size: number): string | undefined;
  /** While reading: up to `size` - 1 bytes, or to a line end, as they stand; undefined at the end (ap_pcfg's getstr). */
  readBytes(size: number): string | undefined;
  /** While reading: has lines, each with its line end, read before the rest of the file. */
  insertLines(lines: readonly string[], name: string): void;
  /** While reading: puts a directive in the place of the section that was read. */
  putDirective(name: string): void;
  /** What modules keep while one file is read, as macros, by module name. */
  readonly kept: Map<string, unknown>;
  /** True for a loaded module, by file name (`mod_rewrite.c`) or identifier (`rewrite_module`) (<IfModule>). */
  hasModule(name: string): boolean;
  /** Compiles a regular expression as this host's Apache does; undefined when PCRE refuses it. */
  compile(pattern: string, options?: { readonly caseless?: boolean }): Regex | undefined;
  /** Parses an expression as the directive takes it; the refusal is Apache's whole message for that place, which may show another text. */
  parseExpr(
    place: ExprPlace,
    text: string,
    shown?: string,
  ): { readonly expr: Expr } | { readonly refusal: string };
  /** True when a directive of this name is known to the server (<IfDirective>, <IfSection> with `<`). */
  isKnownDirective(name: string): boolean;
  /** True when the file or folder exists on the server (<IfFile>). */
  fileExists(path: string): boolean;
  /** Has the outcome say that a file outside the tree was asked for, which counts as missing since nobody told of it. */
  noteOutside(path: string): void;
  /** Why a file cannot be looked at, as `(2)No such file or directory`; undefined where it is there, or nobody knows. */
  fileProblem(path: string): string | undefined;
  /** What a `Require` word means on this host, case and all (ap_lookup_provider). */
  authzProvider(name: string): AuthzProvider | undefined;
  /** What a word of AuthBasicProvider and its like means on this host, case and all. */
  authnProvider(name: string): AuthnProvider | undefined;
}

interface DirectiveFacts {
  readonly where: readonly Place[];
  /** Apache carries it out while it reads the file, before all others (EXEC_ON_READ). */
  readonly execOnRead?: true;
  /** Apache's own hint, which it appends when the number of arguments is wrong. */
  readonly help?: string;
  /** One sentence of our own: what it does for a site. */
  readonly summary?: string;
  /** Words that an argument may be, for completion; absent where it is free text. */
  readonly values?: readonly string[];
  /** Why nobody should use it any more, and what to use instead. */
  readonly deprecated?: string;
  /** First 2.4 release that has it, as the N of 2.4.N; absent for those of 2.4.1. */
  readonly since?: number;
}

/** What a directive's function gets, by the kind of its arguments. */
interface ArgumentTypes {
  RAW_ARGS: [args: string];
  NO_ARGS: [];
  TAKE1: [value: string];
  ITERATE: [value: string];
  TAKE2: [first: string, second: string];
  ITERATE2: [first: string, second: string];
  TAKE12: [first: string, second: string | undefined];
  TAKE3: [first: string, second: string, third: string];
  TAKE23: [first: string, second: string, third: string | undefined];
  TAKE123: [first: string, second: string | undefined, third: string | undefined];
  TAKE13: [first: string, second: string | undefined, third: string | undefined];
  TAKE_ARGV: [values: readonly string[]];
  FLAG: [on: boolean];
}

/** How Apache splits a directive's arguments (enum cmd_how of http_config.h). */
export type ArgumentKind = keyof ArgumentTypes;

/** A directive of one argument kind. */
export type DirectiveOf<Kind extends ArgumentKind, Config> = DirectiveFacts & {
  readonly args: Kind;
  apply?(cmd: Command, config: Config, ...args: ArgumentTypes[Kind]): Refusal;
};

/** Everything about one directive in one place. */
export type Directive<Config> = { [Kind in ArgumentKind]: DirectiveOf<Kind, Config> }[ArgumentKind];

/** An Apache module: its directives, and what it keeps per directory. */
export interface ApacheModule<Config = unknown> {
  /** Apache's file name without `.c`, as in the host profile: `mod_rewrite`, `core`. */
  readonly name: string;
  /** The name that LoadModule and <IfModule> also take: `rewrite_module`. */
  readonly identifier: string;
  /** By Apache's own spelling; sections with `<`. */
  readonly directives: Readonly<Record<string, Directive<Config>>>;
  createDirConfig?(directory: string | null): Config;
  mergeDirConfig?(base: Config, add: Config): Config;
  readonly hooks?: PhaseHooks;
  /** Words of `Require` that the module provides. */
  readonly authzProviders?: Readonly<Record<string, AuthzProvider>>;
  /** Words of AuthBasicProvider and its like that the module provides. */
  readonly authnProviders?: Readonly<Record<string, AuthnProvider>>;
}

/** Declares a module. The identifier follows from the name where it is not given. */
export function defineModule<Config = unknown>(
  module: Omit<ApacheModule<Config>, 'identifier'> & { readonly identifier?: string },
): ApacheModule<Config> {
  return { identifier: `${module.name.replace(/^mod_/, '')}_module`, ...module };
}

const PLACE_BITS: Readonly<Record<Place, number>> = {
  Limit: 1,
  Options: 2,
  FileInfo: 4,
  AuthConfig: 8,
  Indexes: 16,
  All: 31,
  ACCESS_CONF: 64,
  RSRC_CONF: 128,
  PROXY_CONF: 2048,
};

/** The bits of Apache's req_override for a list of places. */
export function placeBits(places: readonly Place[]): number {
  return places.reduce((bits, place) => bits | PLACE_BITS[place], 0);
}
