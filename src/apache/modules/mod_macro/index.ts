import { lowerCase } from '../../../text/bytes';
import { readWord } from '../../syntax/words';
import { defineModule, type Command, type Refusal } from '../define';
import { defineMacro, macroState } from './define';
import { describe, expandMacro, macroArguments } from './macro';

/** Use: the macro's lines, with the values in place of its parameters, are read next (use_macro). */
function useMacro(cmd: Command, _config: unknown, args: string): Refusal {
  const { macros, ignoresEmptyArguments } = macroState(cmd);
  if (macros === undefined) return 'no macro defined before Use';
  const word = readWord(args, 0);
  const name = lowerCase(word.value);
  if (name === '') return 'no macro name specified with Use';
  const macro = macros.get(name);
  if (macro === undefined) return `macro '${name}' undefined`;
  if (cmd.file.name.includes(`macro '${name}'`)) return `recursive use of macro '${name}' is invalid`;
  const values = macroArguments(args.slice(word.next));
  const wanted = macro.parameters.length;
  if (values.length !== wanted)
    return `${describe(macro)} used with ${values.length} arguments instead of ${wanted}`;
  const where = `${describe(macro)} used on line ${cmd.file.lineNumber} of "${cmd.file.name}"`;
  for (const [index, value] of values.entries()) {
    if (value === '' && !ignoresEmptyArguments) cmd.warn(`AH02798: ${where}: empty argument #${index + 1}`);
  }
  const expanded = expandMacro(macro, values);
  if ('refusal' in expanded) return `${where} error while substituting: ${expanded.refusal}`;
  cmd.insertLines(expanded.lines, where);
  return undefined;
}

function undefineMacro(cmd: Command, _config: unknown, value: string): Refusal {
  const { macros } = macroState(cmd);
  if (macros === undefined) return 'no macro defined before UndefMacro';
  const name = lowerCase(value);
  return macros.delete(name) ? undefined : `cannot remove undefined macro '${name}'`;
}

/** First release with MacroIgnore* and the flags of <Macro>: the source of 2.4.63 has neither. */
const IGNORING_SINCE = 64;

export const mod_macro = defineModule({
  name: 'mod_macro',
  directives: {
    '<Macro': {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Beginning of a macro definition section.',
      summary: 'Keeps the lines up to </Macro> under a name, with parameters, for later Use.',
      apply: (cmd, _config, args) => defineMacro(cmd, macroState(cmd), args),
    },
    Use: {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Use of a macro.',
      summary: 'Reads the lines of a macro at this place, with the given values for its parameters.',
      apply: useMacro,
    },
    UndefMacro: {
      args: 'TAKE1',
      where: ['All'],
      execOnRead: true,
      help: 'Remove a macro definition.',
      summary: 'Forgets a macro, so that its name can be defined again without a warning.',
      apply: undefineMacro,
    },
    MacroIgnoreEmptyArgs: {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      since: IGNORING_SINCE,
      help: 'Globally ignore warnings about empty arguments.',
      summary: 'Keeps Apache from warning of macros that are used with empty values.',
      apply(cmd) {
        macroState(cmd).ignoresEmptyArguments = true;
        return undefined;
      },
    },
    MacroIgnoreBadNesting: {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      since: IGNORING_SINCE,
      help: 'Globally ignore warnings about bad nesting.',
      summary: 'Keeps Apache from warning of macros whose sections are not balanced.',
      apply(cmd) {
        macroState(cmd).ignoresBadNesting = true;
        return undefined;
      },
    },
  },
});
