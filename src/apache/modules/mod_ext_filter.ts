import { defineModule } from './define';

export const mod_ext_filter = defineModule({
  name: 'mod_ext_filter',
  directives: {
    ExtFilterOptions: {
      args: 'ITERATE',
      where: ['ACCESS_CONF'],
      help: 'valid options: LogStderr, NoLogStderr',
    },
    ExtFilterDefine: { args: 'RAW_ARGS', where: ['RSRC_CONF'], help: 'Define an external filter' },
  },
});
