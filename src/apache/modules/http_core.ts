import { runOutputFilters } from '../request/outputFilters';
import { defineModule } from './define';

export const http_core = defineModule({
  name: 'http_core',
  identifier: 'http_module',
  directives: {
    KeepAliveTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Keep-Alive timeout duration (sec)',
      summary: 'How long an idle connection is kept for the next request.',
    },
    MaxKeepAliveRequests: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum number of Keep-Alive requests per connection, or 0 for infinite',
      summary: 'How many requests one connection may carry.',
    },
    KeepAlive: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Whether persistent connections should be On or Off',
      summary: 'Whether a connection is kept for further requests.',
    },
  },
  hooks: { insertFilter: runOutputFilters },
});
