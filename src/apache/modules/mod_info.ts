import { defineModule } from './define';

export const mod_info = defineModule({
  name: 'mod_info',
  directives: {
    AddModuleInfo: {
      args: 'TAKE2',
      where: ['RSRC_CONF'],
      help: 'a module name and additional information on that module',
      summary: 'A text about a module for the page of server-info.',
    },
  },
});
