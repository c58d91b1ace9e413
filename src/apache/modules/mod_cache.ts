import { defineModule } from './define';

export const mod_cache = defineModule({
  name: 'mod_cache',
  directives: {
    CacheEnable: {
      args: 'TAKE12',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'A cache type and partial URL prefix below which caching is enabled',
    },
    CacheDisable: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'A partial URL prefix below which caching is disabled',
    },
    CacheMaxExpire: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum time in seconds to cache a document',
    },
    CacheMinExpire: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The minimum time in seconds to cache a document',
    },
    CacheDefaultExpire: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The default time in seconds to cache a document',
    },
    CacheQuickHandler: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Run the cache in the quick handler, default on',
    },
    CacheIgnoreNoLastMod: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Ignore Responses where there is no Last Modified Header',
    },
    CacheIgnoreCacheControl: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Ignore requests from the client for uncached content',
    },
    CacheStoreExpired: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Ignore expiration dates when populating cache, resulting in an If-Modified-Since request to the backend on retrieval',
    },
    CacheStorePrivate: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: "Ignore 'Cache-Control: private' and store private content",
    },
    CacheStoreNoStore: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: "Ignore 'Cache-Control: no-store' and store sensitive content",
    },
    CacheIgnoreHeaders: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'A space separated list of headers that should not be stored by the cache',
    },
    CacheIgnoreQueryString: { args: 'FLAG', where: ['RSRC_CONF'], help: 'Ignore query-string when caching' },
    CacheIgnoreURLSessionIdentifiers: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'A space separated list of session identifiers that should be ignored for creating the key of the cached entity.',
    },
    CacheLastModifiedFactor: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The factor used to estimate Expires date from LastModified date',
    },
    CacheLock: { args: 'FLAG', where: ['RSRC_CONF'], help: 'Enable or disable the thundering herd lock.' },
    CacheLockPath: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "The thundering herd lock path. Defaults to the '/mod_cache-lock' directory in the system temp directory.",
    },
    CacheLockMaxAge: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum age of any thundering herd lock.',
    },
    CacheHeader: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Add a X-Cache header to responses. Default is off.',
    },
    CacheDetailHeader: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Add a X-Cache-Detail header to responses. Default is off.',
    },
    CacheKeyBaseURL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Override the base URL of reverse proxied cache keys.',
    },
    CacheStaleOnError: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Serve stale content on 5xx errors if present. Defaults to on.',
    },
  },
});
