import type { Position } from '../text/lines';
import type { DispatcherFile, Range } from './file';
import { languageOf, programOf } from './language';

/** An import at the left margin, which is carried out whenever the program starts. */
export interface PythonImport {
  /** `os.path` of `import os.path as p`; of `from a import b`, `a`. */
  readonly module: string;
  /** What `from` takes out of the module; empty for a plain `import`. */
  readonly names: readonly string[];
  readonly range: Range;
}

/** A call of a function, by the text before its parenthesis. */
export interface PythonCall {
  /** What stands between the parentheses, strings blanked. */
  readonly argumentText: string;
  readonly range: Range;
  /** Where the closing parenthesis stands. */
  readonly end: Position;
  /** Whether it stands at the left margin. */
  readonly isOutermost: boolean;
}

/** A Python script as the checks read it. */
export interface PythonScript {
  /** The text with comments and the content of strings blanked; as long as the text, line for line. */
  readonly code: string;
  readonly imports: readonly PythonImport[];
  /** The version that the `#!` line names, as 3 or 3.11. */
  readonly version: readonly [major: number, minor: number | undefined] | undefined;
  /** Every call of a function whose name (with what stands before its dot) fits. */
  calls(name: RegExp): readonly PythonCall[];
  /** Whether a module or one below it is imported anywhere in the script. */
  uses(module: string): boolean;
}

/** Reads a Python script; undefined for other languages. Never fails, and takes linear time. */
export function pythonScript(file: DispatcherFile): PythonScript | undefined {
  if (languageOf(file) !== 'python') return undefined;
  const code = blanked(file.text);
  const imports = importsIn(code);
  let layout: Layout | undefined;
  return {
    code,
    imports,
    version: versionOf(programOf(file) ?? ''),
    calls: (name) => callsIn(code, (layout ??= layoutOf(code)), name),
    uses: (module) => new RegExp(`^[ \\t]*(?:import|from)[ \\t]+(?:.*,[ \\t]*)?${module}\\b`, 'm').test(code),
  };
}

/** What is worked out once for all questions about calls. */
interface Layout {
  readonly placeOf: (offset: number) => Position;
  readonly closings: ReadonlyMap<number, number>;
}

function layoutOf(code: string): Layout {
  return { placeOf: placesIn(code), closings: closingsIn(code) };
}

function versionOf(program: string): PythonScript['version'] {
  const [, major, minor] = /python(\d+)(?:\.(\d+))?$/.exec(program) ?? [];
  return major === undefined ? undefined : [Number(major), minor === undefined ? undefined : Number(minor)];
}

/** One token that hides code: a comment, or a string with its quotes. A string in one line ends with it. */
const HIDING =
  /#[^\r\n]*|("""|''')(?:[^\\]|\\[^])*?(?:\1|$(?![^]))|"(?:[^"\\\r\n]|\\[^])*"?|'(?:[^'\\\r\n]|\\[^])*'?/g;

function blanked(text: string): string {
  return text.replaceAll(HIDING, (token) =>
    token.replaceAll(/[^\r\n]/g, (one, at: number) => (at === 0 && one !== '#' ? one : ' ')),
  );
}

function importsIn(code: string): readonly PythonImport[] {
  return linesOf(code).flatMap(({ text, line }) => {
    const from = /^from[ \t]+([\w.]+)[ \t]+import[ \t]*\(?([\w \t,*]*)/.exec(text);
    if (from) return [importAt(from[1] ?? '', namesIn(from[2] ?? ''), { text, line })];
    const plain =
      /^import[ \t]+([\w.]+(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[\w.]+(?:[ \t]+as[ \t]+\w+)?)*)/.exec(text);
    return namesIn(plain?.[1] ?? '').map((module) => importAt(module, [], { text, line }));
  });
}

function importAt(
  module: string,
  names: readonly string[],
  { text, line }: { readonly text: string; readonly line: number },
): PythonImport {
  const at = wordAt(text, module);
  return {
    module,
    names,
    range: { start: { line, character: at }, end: { line, character: at + module.length } },
  };
}

/** Where a dotted name stands in a line by itself. */
function wordAt(line: string, word: string): number {
  const isPart = (at: number): boolean => /[\w.]/.test(line.charAt(at));
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1))
    if (!isPart(at - 1) && !isPart(at + word.length)) return at;
  return 0;
}

function namesIn(list: string): readonly string[] {
  return list
    .split(',')
    .map((one) => one.trim().split(/[ \t]/)[0] ?? '')
    .filter((one) => one !== '');
}

function callsIn(code: string, { placeOf, closings }: Layout, name: RegExp): readonly PythonCall[] {
  const form = new RegExp(`(?<![\\w.])(?:${name.source})[ \\t]*\\(`, 'g');
  return [...code.matchAll(form)].flatMap((found) => {
    const open = found.index + found[0].length;
    const close = closings.get(open - 1);
    if (close === undefined || close - open > LONGEST_CALL) return [];
    const start = placeOf(found.index);
    const nameLength = found[0].trimEnd().replace(/[ \t]*\($/, '').length;
    return [
      {
        argumentText: code.slice(open, close),
        range: { start, end: { line: start.line, character: start.character + nameLength } },
        end: placeOf(close),
        isOutermost: start.character === 0,
      },
    ];
  });
}

/** How far a call may reach, in characters: of what is longer nothing is said. */
const LONGEST_CALL = 10_000;

/** Where each parenthesis, bracket and brace is closed, by the place where it opens. */
function closingsIn(code: string): ReadonlyMap<number, number> {
  const closings = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: one, index } of code.matchAll(/[()[\]{}]/g)) {
    if ('([{'.includes(one)) open.push(index);
    else {
      const from = open.pop();
      if (from !== undefined) closings.set(from, index);
    }
  }
  return closings;
}

interface Line {
  readonly text: string;
  readonly line: number;
}

/** Lines as an editor shows them. */
export function linesOf(text: string): readonly Line[] {
  return text.split(/\r\n|\r|\n/).map((one, line) => ({ text: one, line }));
}

/** Gives the place of an offset, in lines as an editor shows them. */
function placesIn(text: string): (offset: number) => Position {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: offset - (starts[low] ?? 0) };
  };
}
