import { defineModule } from './define';

export const mod_cache_socache = defineModule({
  name: 'mod_cache_socache',
  directives: {
    CacheSocache: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The shared object cache to store cache files',
    },
    CacheSocacheMaxTime: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum cache expiry age to cache a document in seconds',
    },
    CacheSocacheMinTime: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The minimum cache expiry age to cache a document in seconds',
    },
    CacheSocacheMaxSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum cache entry size (headers and body) to cache a document',
    },
    CacheSocacheReadSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum quantity of data to attempt to read and cache in one go',
    },
    CacheSocacheReadTime: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum time taken to attempt to read and cache in go',
    },
  },
});
