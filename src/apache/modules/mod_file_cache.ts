import { defineModule } from './define';

export const mod_file_cache = defineModule({
  name: 'mod_file_cache',
  directives: {
    cachefile: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'A space separated list of files to add to the file handle cache at config time',
      summary: 'Keeps files open from the start of the server.',
    },
    mmapfile: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'A space separated list of files to mmap at config time',
      summary: 'Keeps files in memory from the start of the server.',
    },
  },
});
