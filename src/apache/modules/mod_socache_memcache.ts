import { defineModule } from './define';

export const mod_socache_memcache = defineModule({
  name: 'mod_socache_memcache',
  directives: {
    MemcacheConnTTL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'TTL used for the connection with the memcache server(s)',
      summary: 'How long an unused connection to memcached stays open.',
      since: 17,
    },
  },
});
