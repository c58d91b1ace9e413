import { defineModule } from './define';

export const mod_http2 = defineModule({
  name: 'mod_http2',
  directives: {
    H2MaxSessionStreams: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of open streams per session',
    },
    H2WindowSize: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'window size on client DATA' },
    H2MinWorkers: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'minimum number of worker threads per child' },
    H2MaxWorkers: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'maximum number of worker threads per child' },
    H2MaxWorkerIdleSeconds: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of idle seconds before a worker shuts down',
    },
    H2StreamMaxMemSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of bytes buffered in memory for a stream',
    },
    H2SerializeHeaders: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'disabled, this directive has no longer an effect.',
    },
    H2ModernTLSOnly: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'off to not impose RFC 7540 restrictions on TLS',
    },
    H2Upgrade: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'on to allow HTTP/1 Upgrades to h2/h2c',
    },
    H2Direct: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'on to enable direct HTTP/2 mode' },
    H2SessionExtraFiles: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'number of extra file a session might keep open (obsolete)',
    },
    H2TLSWarmUpSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'number of bytes on TLS connection before doing max writes',
    },
    H2TLSCoolDownSecs: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'seconds of idle time on TLS before shrinking writes',
    },
    H2Push: { args: 'TAKE1', where: ['AuthConfig', 'RSRC_CONF'], help: 'off to disable HTTP/2 server push' },
    H2PushPriority: {
      args: 'TAKE23',
      where: ['RSRC_CONF'],
      help: 'define priority of PUSHed resources per content type',
    },
    H2PushDiarySize: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'size of push diary' },
    H2CopyFiles: { args: 'TAKE1', where: ['FileInfo'], help: 'on to perform copy of file data' },
    H2PushResource: {
      args: 'TAKE123',
      where: ['FileInfo', 'AuthConfig'],
      help: 'add a resource to be pushed in this location/on this server.',
    },
    H2EarlyHints: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'on to enable interim status 103 responses' },
    H2Padding: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'set payload padding' },
    H2OutputBuffering: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'set stream output buffer on/off' },
    H2StreamTimeout: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'set stream timeout' },
    H2MaxDataFrameLen: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of bytes in a single HTTP/2 DATA frame',
    },
    H2MaxHeaderBlockLen: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of bytes in a response header block',
    },
    H2MaxStreamErrors: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of flow control errors tolerated',
    },
    H2EarlyHint: {
      args: 'TAKE2',
      where: ['FileInfo', 'AuthConfig'],
      help: "add a a 'Link:' header for a 103 Early Hints response.",
    },
    H2ProxyRequests: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'Enables forward proxy requests via HTTP/2',
    },
    H2WebSockets: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'off to disable WebSockets over HTTP/2' },
  },
});
