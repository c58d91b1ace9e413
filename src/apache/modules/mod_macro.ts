import { defineModule } from './define';

export const mod_macro = defineModule({
  name: 'mod_macro',
  directives: {
    '<Macro': {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Beginning of a macro definition section.',
    },
    Use: { args: 'RAW_ARGS', where: ['All'], execOnRead: true, help: 'Use of a macro.' },
    UndefMacro: { args: 'TAKE1', where: ['All'], execOnRead: true, help: 'Remove a macro definition.' },
    MacroIgnoreEmptyArgs: {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Globally ignore warnings about empty arguments.',
    },
    MacroIgnoreBadNesting: {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Globally ignore warnings about bad nesting.',
    },
  },
});
