import { defineModule } from './define';

export const mod_cache_socache = defineModule({
  name: 'mod_cache_socache',
  directives: {
    CacheSocache: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The shared object cache to store cache files',
      summary: 'The kind of shared memory that answers are kept in.',
      since: 5,
    },
    CacheSocacheMaxTime: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum cache expiry age to cache a document in seconds',
      summary: 'The longest time, in seconds, that an answer stays.',
      since: 5,
    },
    CacheSocacheMinTime: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The minimum cache expiry age to cache a document in seconds',
      summary: 'The shortest time, in seconds, that an answer stays.',
      since: 5,
    },
    CacheSocacheMaxSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum cache entry size (headers and body) to cache a document',
      summary: 'The largest answer that is kept, with its headers.',
      since: 5,
    },
    CacheSocacheReadSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum quantity of data to attempt to read and cache in one go',
      summary: 'How many bytes are read from the cache at once.',
      since: 5,
    },
    CacheSocacheReadTime: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum time taken to attempt to read and cache in go',
      summary: 'How many milliseconds of reading go before data is sent on.',
      since: 5,
    },
  },
});
