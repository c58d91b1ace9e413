import { defineModule } from './define';

export const mod_ext_filter = defineModule({
  name: 'mod_ext_filter',
  directives: {
    ExtFilterOptions: {
      args: 'ITERATE',
      where: ['ACCESS_CONF'],
      help: 'valid options: LogStderr, NoLogStderr',
      summary: 'Options of filters that are programs. Only the host can set it.',
    },
    ExtFilterDefine: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Define an external filter',
      summary: 'Makes a program a filter. Only the host can set it.',
    },
  },
});
