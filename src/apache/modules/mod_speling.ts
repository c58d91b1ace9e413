import { defineModule } from './define';

export const mod_speling = defineModule({
  name: 'mod_speling',
  directives: {
    CheckSpelling: {
      args: 'FLAG',
      where: ['Options'],
      help: 'whether or not to fix miscapitalized/misspelled requests',
    },
    CheckCaseOnly: {
      args: 'FLAG',
      where: ['Options'],
      help: 'whether or not to fix only miscapitalized requests',
    },
    CheckBasenameMatch: {
      args: 'FLAG',
      where: ['Options'],
      help: 'whether or not to fix files with the same base name',
    },
  },
});
