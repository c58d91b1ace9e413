import { defineModule } from './define';

export const mod_cache_disk = defineModule({
  name: 'mod_cache_disk',
  directives: {
    CacheRoot: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The directory to store cache files',
      summary: 'The folder in which answers are kept.',
    },
    CacheDirLevels: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The number of levels of subdirectories in the cache',
      summary: 'How many levels of folders the cache has.',
    },
    CacheDirLength: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The number of characters in subdirectory names',
      summary: "How many letters the names of the cache's folders have.",
    },
    CacheMinFileSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The minimum file size to cache a document',
      summary: 'The size from which answers are kept.',
    },
    CacheMaxFileSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum file size to cache a document',
      summary: 'The size up to which answers are kept.',
    },
    CacheReadSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum quantity of data to attempt to read and cache in one go',
      summary: 'How many bytes are read from the cache at once.',
    },
    CacheReadTime: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum time taken to attempt to read and cache in go',
      summary: 'How many milliseconds of reading go before data is sent on.',
    },
  },
});
