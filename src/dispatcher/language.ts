import type { DispatcherFile } from './file';

/** What a script is written in, as its `#!` line says. */
export type ScriptLanguage = 'python' | 'perl' | 'php' | 'ruby' | 'shell';

const LANGUAGES: readonly (readonly [RegExp, ScriptLanguage])[] = [
  [/^(?:python|pypy)[\d.]*$/, 'python'],
  [/^perl[\d.]*$/, 'perl'],
  [/^php(?:-cgi|-fcgi)?[\d.]*(?:-cgi|-fcgi)?$/, 'php'],
  [/^j?ruby[\d.]*$/, 'ruby'],
  [/^(?:ba|da|k|z|a)?sh$/, 'shell'],
];

/** The program that runs a script: a path, or a name that `env` looks for along PATH. Undefined where nobody can tell. */
export function programOf({ shebang }: DispatcherFile): string | undefined {
  if (shebang === undefined || shebang.interpreter === '') return undefined;
  const { interpreter, argument } = shebang;
  if (interpreter.split('/').at(-1) !== 'env') return interpreter;
  const words = argument.replace(/^(?:-[a-zA-Z]*S|--split-string)[\s=]*/, '').split(/[ \t]+/);
  const program = words.find((word) => !word.includes('='));
  return program === undefined || program === '' || program.startsWith('-') ? undefined : program;
}

/** The first line with another program in place of the one that it names. */
export function withProgram({ text, markLength }: DispatcherFile, program: string, other: string): string {
  const line = /^[^\r\n]*/.exec(text.slice(markLength))?.[0] ?? '';
  const at = line.lastIndexOf(program);
  return `${line.slice(0, at)}${other}${line.slice(at + program.length)}`;
}

/** The language of a script; undefined for programs and interpreters that are not known here. */
export function languageOf(file: DispatcherFile): ScriptLanguage | undefined {
  const name = programOf(file)?.split('/').at(-1) ?? '';
  return LANGUAGES.find(([form]) => form.test(name))?.[1];
}
