import { lowerCase } from '../../../text/bytes';
import { readWord } from '../../syntax/words';
import type { Command, Refusal } from '../define';
import {
  LINE_ROOM,
  describe,
  expandMacro,
  macroArguments,
  saysSomething,
  firstWord,
  type Macro,
  type MacroTable,
  type Refused,
} from './macro';

/** What the module keeps while a file is read. */
export interface MacroState {
  /** Undefined before the first <Macro>. */
  macros: MacroTable | undefined;
  /** Of MacroIgnoreEmptyArgs and MacroIgnoreBadNesting. */
  ignoresEmptyArguments: boolean;
  ignoresBadNesting: boolean;
}

/** The module's state for the file that is read. */
export function macroState(cmd: Command): MacroState {
  const known = cmd.kept.get('mod_macro') as MacroState | undefined;
  if (known !== undefined) return known;
  const made = { macros: undefined, ignoresEmptyArguments: false, ignoresBadNesting: false };
  cmd.kept.set('mod_macro', made);
  return made;
}

const FLAGS = {
  '/ignoreemptyargs': 'ignoresEmptyArguments',
  '/ignorebadnesting': 'ignoresBadNesting',
} as const;

/** The flags before the parameters, with the quirk that an unknown last one leaves a parameter behind (measured, 2.4.71). */
function takeFlags(text: string, state: MacroState, warn: (flag: string) => void): string {
  let rest = text;
  while (rest.startsWith('/')) {
    const known = Object.entries(FLAGS).find(([flag]) => rest.toLowerCase().startsWith(flag));
    if (known !== undefined) {
      state[known[1]] = true;
      rest = rest.slice(known[0].length);
    }
    const isNext = known !== undefined && rest.startsWith('/');
    if (rest !== '' && !rest.startsWith(' ') && !isNext) {
      const blank = rest.indexOf(' ');
      warn(blank < 0 ? rest : rest.slice(0, blank));
      rest = blank < 0 ? rest.slice(1) : rest.slice(blank);
    }
    rest = rest.replace(/^[ \t]+/, '');
  }
  return rest;
}

const isPrefixed = (word: string): boolean => /^[$%@]/.test(word);

/** Parameters must have names of their own; names that look wrong are only warned of (check_macro_arguments). */
function checkParameters(cmd: Command, macro: Macro): Refusal {
  const { parameters } = macro;
  for (const [index, name] of parameters.entries()) {
    if (name === '') return `${describe(macro)}: empty argument #${index + 1} name`;
    if (!isPrefixed(name)) {
      cmd.warn(
        `AH02796: ${describe(macro)} argument name '${name}' (#${index + 1}) without expected prefix, better prefix argument names with one of '$%@'.`,
      );
    } else if (name.startsWith('${')) {
      cmd.warn(
        `AH02805: ${describe(macro)} argument name '${name}' (#${index + 1}) clashes with 'Define' syntax '\${...}', better use '$(...)'.`,
      );
    }
    for (let other = index + 1; other < parameters.length; other++) {
      const second = parameters[other] ?? '';
      if (second === name) {
        return `argument name conflict in ${describe(macro)}: argument '${name}': #${index + 1} and #${other + 1}, change argument names!`;
      }
      if (second !== '' && (second.startsWith(name) || name.startsWith(second))) {
        cmd.warn(
          `AH02797: ${describe(macro)}: argument name prefix conflict (${name} #${index + 1} and ${second} #${other + 1}), be careful about your macro definition!`,
        );
      }
    }
  }
  return undefined;
}

/** The lines up to </Macro>, with inner macros counted and comments left out (get_lines_till_end_token). */
function readBody(cmd: Command, where: string, ignoresBadNesting: boolean): { lines: string[] } | Refused {
  const lines: string[] = [];
  const start = cmd.file.lineNumber;
  let macros = 1;
  let sections = 1;
  for (let line = cmd.readLine(LINE_ROOM); line !== undefined; line = cmd.readLine(LINE_ROOM)) {
    if (line.startsWith('#')) continue;
    const word = firstWord(line);
    if (word.startsWith('</')) {
      sections -= 1;
      if (sections < 0 && !ignoresBadNesting) {
        cmd.warn(`AH02793: bad (negative) nesting on line ${cmd.file.lineNumber - start} of ${where}`);
      }
    } else if (word.startsWith('<')) {
      sections += 1;
    }
    if (word === '</macro>') {
      warnOfRest(cmd, 'AH02794: non blank chars found after directive closing', line);
      macros -= 1;
      if (macros === 0) {
        if (sections !== 0 && !ignoresBadNesting) {
          cmd.warn(`AH02795: bad cumulated nesting (${sections > 0 ? '+' : ''}${sections}) in ${where}`);
        }
        return { lines };
      }
    } else if (word === '<macro') {
      macros += 1;
    }
    lines.push(`${line}\n`);
  }
  return { refusal: 'expected token not found: </Macro>' };
}

function warnOfRest(cmd: Command, what: string, line: string): void {
  const rest = line.slice(line.lastIndexOf('>') + 1);
  if (saysSomething(rest))
    cmd.warn(`AH02989: ${what} on line ${cmd.file.lineNumber} of ${cmd.file.name}: ${rest}`);
}

/** A line for every parameter that the macro does not use, or for a macro without lines (check_macro_contents). */
function checkBody(cmd: Command, macro: Macro): Refusal {
  if (macro.lines.length === 0) {
    cmd.warn(`AH02799: ${describe(macro)}: empty contents!`);
    return undefined;
  }
  const expanded = expandMacro(macro, macro.parameters);
  if ('refusal' in expanded) return expanded.refusal;
  for (const [index, name] of macro.parameters.entries()) {
    if (expanded.used.has(index)) continue;
    cmd.warn(`AH02800: ${describe(macro)}: argument '${name}' (#${index + 1}) never used`);
  }
  return undefined;
}

/** <Macro name parameters>: keeps the lines up to </Macro> (macro_section). */
export function defineMacro(cmd: Command, shared: MacroState, args: string): Refusal {
  const macros = (shared.macros ??= new Map());
  const end = args.lastIndexOf('>');
  if (end < 0) return "<Macro> directive missing closing '>'";
  if (end === 0) return '<Macro macro definition: empty name';
  warnOfRest(cmd, "AH02801: non blank chars found after <Macro closing '>'", args);
  const head = args.slice(0, end);
  const word = readWord(head, 0);
  if (word.value === '') return '<Macro macro definition: name not found';
  const name = lowerCase(word.value);
  const location = `defined on line ${cmd.file.lineNumber} of "${cmd.file.name}"`;
  const known = macros.get(name);
  if (known !== undefined) {
    cmd.warn(
      `AH02802: macro '${name}' multiply defined: ${known.location}, redefined on line ${cmd.file.lineNumber} of "${cmd.file.name}"`,
    );
  }
  const where = describe({ name, location });
  if (isPrefixed(name)) cmd.warn(`AH02803: ${where} better prefix a macro name with any of '$%@'`);
  const flags = { ...shared };
  const rest = takeFlags(head.slice(word.next), flags, (flag) => {
    cmd.warn(`AH02804: ${where}: unknown flag '${flag}'`);
  });
  const macro: Macro = { name, location, parameters: macroArguments(rest), lines: [] };
  const refusal = checkParameters(cmd, macro);
  if (refusal !== undefined) return refusal;
  const body = readBody(cmd, where, flags.ignoresBadNesting);
  if ('refusal' in body) return `${where}\n\tcontents error: ${body.refusal}`;
  const whole: Macro = { ...macro, lines: body.lines };
  const problem = checkBody(cmd, whole);
  if (problem !== undefined) return `${where}\n\tcontents checking error: ${problem}`;
  macros.set(name, whole);
  return undefined;
}
