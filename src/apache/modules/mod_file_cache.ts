import { defineModule } from './define';

export const mod_file_cache = defineModule({
  name: 'mod_file_cache',
  directives: {
    cachefile: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'A space separated list of files to add to the file handle cache at config time',
    },
    mmapfile: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'A space separated list of files to mmap at config time',
    },
  },
});
