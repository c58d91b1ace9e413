import { defineModule } from './define';

export const mod_cache = defineModule({
  name: 'mod_cache',
  directives: {
    CacheEnable: {
      args: 'TAKE12',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'A cache type and partial URL prefix below which caching is enabled',
      summary: 'Keeps answers of a URL path in a cache of the named kind.',
    },
    CacheDisable: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'A partial URL prefix below which caching is disabled',
      summary: 'Keeps a URL path out of the cache.',
    },
    CacheMaxExpire: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The maximum time in seconds to cache a document',
      summary: 'The longest time, in seconds, that an answer stays fresh in the cache.',
    },
    CacheMinExpire: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The minimum time in seconds to cache a document',
      summary: 'The shortest time, in seconds, that an answer stays fresh in the cache.',
    },
    CacheDefaultExpire: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The default time in seconds to cache a document',
      summary: 'How long an answer without an expiry date stays fresh, in seconds.',
    },
    CacheQuickHandler: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Run the cache in the quick handler, default on',
      summary: 'Whether the cache answers before access control and all other phases.',
    },
    CacheIgnoreNoLastMod: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Ignore Responses where there is no Last Modified Header',
      summary: 'Whether answers without a modification date are kept as well.',
    },
    CacheIgnoreCacheControl: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Ignore requests from the client for uncached content',
      summary: "Whether a client's wish for a fresh answer is ignored.",
    },
    CacheStoreExpired: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Ignore expiration dates when populating cache, resulting in an If-Modified-Since request to the backend on retrieval',
      summary: 'Whether answers that are already stale are kept, to be checked later.',
    },
    CacheStorePrivate: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: "Ignore 'Cache-Control: private' and store private content",
      summary: 'Whether answers that are marked private are kept.',
    },
    CacheStoreNoStore: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: "Ignore 'Cache-Control: no-store' and store sensitive content",
      summary: 'Whether answers that are marked no-store are kept.',
    },
    CacheIgnoreHeaders: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'A space separated list of headers that should not be stored by the cache',
      summary: 'Response headers that are not kept with the answer.',
    },
    CacheIgnoreQueryString: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Ignore query-string when caching',
      summary: 'Whether URLs that differ in their query only share an answer.',
    },
    CacheIgnoreURLSessionIdentifiers: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'A space separated list of session identifiers that should be ignored for creating the key of the cached entity.',
      summary: 'Parameters of URLs that the cache does not look at.',
    },
    CacheLastModifiedFactor: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The factor used to estimate Expires date from LastModified date',
      summary: "The part of an answer's age for which it stays fresh when it says nothing itself.",
    },
    CacheLock: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Enable or disable the thundering herd lock.',
      summary: 'Whether only one request at a time renews a stale answer.',
    },
    CacheLockPath: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "The thundering herd lock path. Defaults to the '/mod_cache-lock' directory in the system temp directory.",
      summary: 'The folder of the lock files for stale answers.',
    },
    CacheLockMaxAge: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum age of any thundering herd lock.',
      summary: 'How many seconds a lock on a stale answer counts.',
    },
    CacheHeader: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Add a X-Cache header to responses. Default is off.',
      summary: 'Whether answers say in X-Cache if they came from the cache.',
    },
    CacheDetailHeader: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Add a X-Cache-Detail header to responses. Default is off.',
      summary: 'Whether answers say in X-Cache-Detail how the cache decided.',
    },
    CacheKeyBaseURL: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Override the base URL of reverse proxied cache keys.',
      summary: 'The address that stands for this server in the names of kept answers.',
    },
    CacheStaleOnError: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Serve stale content on 5xx errors if present. Defaults to on.',
      summary: 'Whether a stale answer is sent when the server behind fails.',
    },
  },
});
