import { defineModule } from './define';

export const mod_headers = defineModule({
  name: 'mod_headers',
  directives: {
    Header: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'an optional condition, an action, header and value followed by optional env clause',
    },
    RequestHeader: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'an action, header and value followed by optional env clause',
    },
  },
});
