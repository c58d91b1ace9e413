import { defineModule } from './define';

export const mod_so = defineModule({
  name: 'mod_so',
  directives: {
    LoadModule: {
      args: 'TAKE2',
      where: ['RSRC_CONF'],
      execOnRead: true,
      help: 'a module name and the name of a shared object file to load it from',
      summary: 'Loads a module into the server.',
    },
    LoadFile: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      execOnRead: true,
      help: 'shared object file or library to load into the server at runtime',
      summary: 'Loads a library into the server.',
    },
  },
});
