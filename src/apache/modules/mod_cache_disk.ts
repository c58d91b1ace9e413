import { defineModule } from './define';

export const mod_cache_disk = defineModule({
  name: 'mod_cache_disk',
  directives: {
    CacheRoot: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'The directory to store cache files' },
    CacheDirLevels: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The number of levels of subdirectories in the cache',
    },
    CacheDirLength: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The number of characters in subdirectory names',
    },
    CacheMinFileSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The minimum file size to cache a document',
    },
    CacheMaxFileSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum file size to cache a document',
    },
    CacheReadSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum quantity of data to attempt to read and cache in one go',
    },
    CacheReadTime: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum time taken to attempt to read and cache in go',
    },
  },
});
