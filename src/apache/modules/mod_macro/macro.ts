import { isSpace } from '../../syntax/lines';
import { readWord } from '../../syntax/words';

/** A macro as it was defined. */
export interface Macro {
  /** In lower case. */
  readonly name: string;
  readonly parameters: readonly string[];
  /** Each with its line end. */
  readonly lines: readonly string[];
  /** `defined on line 3 of ".htaccess"`. */
  readonly location: string;
}

/** The macros of one file, by name in lower case; Apache makes the table with the first <Macro>. */
export type MacroTable = Map<string, Macro>;

/** MAX_STRING_LEN: the room for a line of a macro, with its end. */
export const LINE_ROOM = 8192;

/** A refusal. */
export interface Refused {
  readonly refusal: string;
}

/** Words that are separated by blanks and tabs; quotes as everywhere (get_arguments). */
export function macroArguments(text: string): string[] {
  const words: string[] = [];
  for (let at = skipBlanks(text, 0); at < text.length;) {
    const word = readWord(text, at);
    words.push(word.value);
    at = skipBlanks(text, word.next);
  }
  return words;
}

function skipBlanks(text: string, at: number): number {
  let found = at;
  while (text[found] === ' ' || text[found] === '\t') found += 1;
  return found;
}

/** How `Use` and the checks of a definition name a macro. */
export function describe({ name, location }: Pick<Macro, 'name' | 'location'>): string {
  return `macro '${name}' (${location})`;
}

/** The first of a macro's parameters in a text; the longest where several begin at the same place. */
function firstParameter(
  text: string,
  from: number,
  parameters: readonly string[],
): { at: number; index: number } | undefined {
  let chosen: { at: number; index: number } | undefined;
  for (const [index, parameter] of parameters.entries()) {
    const at = text.indexOf(parameter, from);
    if (at < 0) continue;
    const length = chosen === undefined ? 0 : (parameters[chosen.index] ?? '').length;
    if (chosen === undefined || at < chosen.at || (at === chosen.at && length < parameter.length))
      chosen = { at, index };
  }
  return chosen;
}

/** A value in double quotes, as parameters with `@` are replaced. */
function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** What the replacement of a line came to. */
interface Substituted {
  readonly text: string;
  /** Indexes of the parameters that the line held. */
  readonly used: ReadonlySet<number>;
}

/**
 * A line with its parameters replaced (substitute_macro_args). As in Apache the search goes on behind as many characters
 * as the unquoted value has, so that the end of a quoted one is searched again.
 */
function substituteLine(
  line: string,
  parameters: readonly string[],
  values: readonly string[],
): Substituted | undefined {
  let text = line;
  const used = new Set<number>();
  for (let found = firstParameter(text, 0, parameters); found !== undefined;) {
    const { at, index } = found;
    const parameter = parameters[index] ?? '';
    const value = values[index] ?? '';
    used.add(index);
    if (parameter !== value) {
      const inserted = parameter.startsWith('@') ? quoted(value) : value;
      if (text.length - parameter.length + inserted.length >= LINE_ROOM) return undefined;
      text = text.slice(0, at) + inserted + text.slice(at + parameter.length);
    }
    found = firstParameter(text, at + value.length, parameters);
  }
  return { text, used };
}

/** All lines of a macro with its parameters replaced, and which parameters were used (process_content). */
export function expandMacro(
  macro: Macro,
  values: readonly string[],
): { readonly lines: readonly string[]; readonly used: ReadonlySet<number> } | Refused {
  const lines: string[] = [];
  const used = new Set<number>();
  for (const [index, line] of macro.lines.entries()) {
    const result = substituteLine(line, macro.parameters, values);
    if (result === undefined) {
      return {
        refusal: `while processing line ${index + 1} of ${describe(macro)} cannot substitute, buffer size too small`,
      };
    }
    lines.push(result.text);
    for (const parameter of result.used) used.add(parameter);
  }
  return { lines, used };
}

/** True for text that says something behind a `>`: no comment. */
export function saysSomething(text: string): boolean {
  const rest = text.slice(skipBlanks(text, 0));
  return rest !== '' && !rest.startsWith('#');
}

/** The first word of a line, in lower case. */
export function firstWord(line: string): string {
  return isSpace(line.charCodeAt(0)) ? '' : readWord(line, 0).value.toLowerCase();
}
