import { defineModule } from './define';

export const mod_request = defineModule({
  name: 'mod_request',
  directives: {
    KeptBodySize: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'Maximum size of request bodies kept aside for use by filters',
      summary: 'How much of a request body is kept for filters and forms. Only the host can set it.',
    },
  },
});
