import { defineModule } from './define';

export const mod_sed = defineModule({
  name: 'mod_sed',
  directives: {
    OutputSed: { args: 'TAKE1', where: ['ACCESS_CONF'], help: 'Sed regular expression for Response' },
    InputSed: { args: 'TAKE1', where: ['ACCESS_CONF'], help: 'Sed regular expression for Request' },
  },
});
