import { defineModule } from './define';

export const mod_socache_redis = defineModule({
  name: 'mod_socache_redis',
  directives: {
    RedisConnPoolTTL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'TTL used for the connection pool with the Redis server(s)',
      summary: 'How long an unused connection to Redis stays open.',
      since: 39,
    },
    RedisTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'R/W timeout used for the connection with the Redis server(s)',
      summary: 'How long to wait for an answer of Redis.',
      since: 39,
    },
  },
});
