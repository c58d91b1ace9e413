import * as path from 'node:path';
import type { ProgramCommand } from './launchPlan';
import { findProgram, readShebang, readStart } from './startFault';

/** A language that a debugger may know. */
export type Language = 'python' | 'php' | 'perl' | 'ruby';

/** What starts a program: its `#!` line, or PHP's own command. */
export interface ProgramStart {
  /** Undefined for a compiled program, or a language that is not known. */
  readonly language: Language | undefined;
  /** Interpreter and its arguments; empty for a compiled program. */
  readonly command: readonly string[];
  /** What follows them: the dispatcher's own path; nothing for php-cgi, which is told the file with each request. */
  readonly script: readonly string[];
}

const LANGUAGES: readonly (readonly [RegExp, Language])[] = [
  [/^(?:python|pypy)[\d.]*$/, 'python'],
  [/^php(?:-cgi)?[\d.]*$/, 'php'],
  [/^php-cgi/, 'php'],
  [/^perl[\d.]*$/, 'perl'],
  [/^ruby[\d.]*$/, 'ruby'],
];

/** Reads what a program is started by. `env` is resolved: the interpreter is a path where it is found. */
export function programStart({ file, program, args }: ProgramCommand, searchPath: string): ProgramStart {
  if (program === file && languageNamed(program) === 'php')
    return { language: 'php', command: [program, ...args], script: [] };
  const shebang = readShebang(readStart(file) ?? '');
  if (shebang === null) return { language: undefined, command: [], script: [file] };
  const words = [shebang.interpreter, ...(shebang.argument?.split(/[ \t]+/).filter(Boolean) ?? [])];
  const command = path.basename(words[0] ?? '') === 'env' ? withoutEnv(words.slice(1), searchPath) : words;
  return { language: languageNamed(command[0] ?? ''), command, script: [file] };
}

function languageNamed(program: string): Language | undefined {
  const name = path.basename(program);
  return LANGUAGES.find(([pattern]) => pattern.test(name))?.[1];
}

/** `env -S python3 -u` and `env python3` as the command that they become. */
function withoutEnv(words: readonly string[], searchPath: string): readonly string[] {
  const rest = words.filter((word, at) => !(at === 0 && /^(?:-S|-vS|--split-string)$/.test(word)));
  const [program, ...args] = rest;
  if (program === undefined) return [];
  return [findProgram(program, searchPath) ?? program, ...args];
}
