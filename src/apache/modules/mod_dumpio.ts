import { defineModule } from './define';

export const mod_dumpio = defineModule({
  name: 'mod_dumpio',
  directives: {
    DumpIOInput: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Enable I/O Dump on Input Data',
      summary: 'Writes all that is received to the error log.',
    },
    DumpIOOutput: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Enable I/O Dump on Output Data',
      summary: 'Writes all that is sent to the error log.',
    },
  },
});
