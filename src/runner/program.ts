import * as path from 'node:path';
import { findProgram, readShebang, readStart } from './startFault';

/** A language that a debugger may know. */
export type Language = 'python' | 'php' | 'perl' | 'ruby';

/** What the `#!` line of a dispatcher starts. */
export interface ProgramStart {
  /** Undefined for a compiled program, or a language that is not known. */
  readonly language: Language | undefined;
  /** Interpreter and its arguments, in front of the dispatcher's own path; empty for a compiled program. */
  readonly command: readonly string[];
}

const LANGUAGES: readonly (readonly [RegExp, Language])[] = [
  [/^(?:python|pypy)[\d.]*$/, 'python'],
  [/^php(?:-cgi)?[\d.]*$/, 'php'],
  [/^php-cgi/, 'php'],
  [/^perl[\d.]*$/, 'perl'],
  [/^ruby[\d.]*$/, 'ruby'],
];

/** Reads what a dispatcher is started by. `env` is resolved: the interpreter is a path where it is found. */
export function programStart(dispatcher: string, searchPath: string): ProgramStart {
  const shebang = readShebang(readStart(dispatcher) ?? '');
  if (shebang === null) return { language: undefined, command: [] };
  const words = [shebang.interpreter, ...(shebang.argument?.split(/[ \t]+/).filter(Boolean) ?? [])];
  const command = path.basename(words[0] ?? '') === 'env' ? withoutEnv(words.slice(1), searchPath) : words;
  const name = path.basename(command[0] ?? '');
  return { language: LANGUAGES.find(([pattern]) => pattern.test(name))?.[1], command };
}

/** `env -S python3 -u` and `env python3` as the command that they become. */
function withoutEnv(words: readonly string[], searchPath: string): readonly string[] {
  const rest = words.filter((word, at) => !(at === 0 && /^(?:-S|-vS|--split-string)$/.test(word)));
  const [program, ...args] = rest;
  if (program === undefined) return [];
  return [findProgram(program, searchPath) ?? program, ...args];
}
