import { defineModule } from './define';

export const mod_dumpio = defineModule({
  name: 'mod_dumpio',
  directives: {
    DumpIOInput: { args: 'FLAG', where: ['RSRC_CONF'], help: 'Enable I/O Dump on Input Data' },
    DumpIOOutput: { args: 'FLAG', where: ['RSRC_CONF'], help: 'Enable I/O Dump on Output Data' },
  },
});
