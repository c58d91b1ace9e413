import { defineModule } from './define';

export const mod_sed = defineModule({
  name: 'mod_sed',
  directives: {
    OutputSed: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'Sed regular expression for Response',
      summary: 'A sed command for the response body. Only the host can set it.',
    },
    InputSed: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'Sed regular expression for Request',
      summary: 'A sed command for the request body. Only the host can set it.',
    },
  },
});
