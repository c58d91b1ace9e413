import { defineModule, type Command, type Refusal } from './define';

function onOrOff(_cmd: Command, _config: unknown, value: string): Refusal {
  return /^(?:on|off)$/i.test(value) ? undefined : 'value must be On or Off';
}

/** `[add] resource [critical]`. */
function pushResource(first: string, second: string | undefined, third: string | undefined): Refusal {
  const isAdd = first.toLowerCase() === 'add';
  if (!isAdd && third !== undefined) return 'too many parameter';
  const last = isAdd ? third : second;
  return last === undefined || last.toLowerCase() === 'critical' ? undefined : 'unknown last parameter';
}

function earlyHint(name: string, value: string): Refusal {
  if (name === '') return 'Early Hint header name must not be empty';
  const text = value.replace(/^[ \t\n\v\f\r]+/, '');
  if (text === '') return 'Early Hint header value must not be empty/only space';
  return /[\0-\x08\n-\x1f\x7f]/.test(text)
    ? 'Early Hint header value contains invalid characters'
    : undefined;
}

export const mod_http2 = defineModule({
  name: 'mod_http2',
  directives: {
    H2MaxSessionStreams: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of open streams per session',
      since: 17,
      summary: 'How many requests one HTTP/2 connection may have at a time. Only the host can set it.',
    },
    H2WindowSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'window size on client DATA',
      since: 17,
      summary: 'How much of a request body is taken in advance over HTTP/2. Only the host can set it.',
    },
    H2MinWorkers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'minimum number of worker threads per child',
      since: 17,
      summary: 'How many threads wait for HTTP/2 requests at least. Only the host can set it.',
    },
    H2MaxWorkers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of worker threads per child',
      since: 17,
      summary: 'How many threads answer HTTP/2 requests at most. Only the host can set it.',
    },
    H2MaxWorkerIdleSeconds: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of idle seconds before a worker shuts down',
      since: 17,
      summary: 'How long a surplus thread for HTTP/2 stays. Only the host can set it.',
    },
    H2StreamMaxMemSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of bytes buffered in memory for a stream',
      since: 17,
      summary: 'How much of an HTTP/2 response is kept in memory. Only the host can set it.',
    },
    H2SerializeHeaders: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'disabled, this directive has no longer an effect.',
      since: 17,
      summary: 'Has no effect any more. Only the host can set it.',
    },
    H2ModernTLSOnly: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'off to not impose RFC 7540 restrictions on TLS',
      since: 18,
      summary: 'Whether HTTP/2 over TLS wants modern ciphers. Only the host can set it.',
    },
    H2Upgrade: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'on to allow HTTP/1 Upgrades to h2/h2c',
      since: 17,
      summary: 'Whether a connection may change from HTTP/1.1 to HTTP/2.',
      values: ['On', 'Off'],
      apply: onOrOff,
    },
    H2Direct: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'on to enable direct HTTP/2 mode',
      since: 17,
      summary: 'Whether HTTP/2 may begin without negotiation. Only the host can set it.',
    },
    H2SessionExtraFiles: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'number of extra file a session might keep open (obsolete)',
      since: 17,
      summary: 'Has no effect any more. Only the host can set it.',
    },
    H2TLSWarmUpSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'number of bytes on TLS connection before doing max writes',
      since: 18,
      summary: 'How much is sent over TLS in small records at first. Only the host can set it.',
    },
    H2TLSCoolDownSecs: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'seconds of idle time on TLS before shrinking writes',
      since: 18,
      summary: 'After how long a pause TLS records are small again. Only the host can set it.',
    },
    H2Push: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'off to disable HTTP/2 server push',
      since: 18,
      summary: 'Whether HTTP/2 may send resources that were not asked for.',
      values: ['On', 'Off'],
      apply: onOrOff,
    },
    H2PushPriority: {
      args: 'TAKE23',
      where: ['RSRC_CONF'],
      help: 'define priority of PUSHed resources per content type',
      since: 18,
      summary: 'How important pushed resources of a media type are. Only the host can set it.',
    },
    H2PushDiarySize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'size of push diary',
      since: 19,
      summary: 'How many pushed resources a connection remembers. Only the host can set it.',
    },
    H2CopyFiles: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'on to perform copy of file data',
      since: 24,
      summary: 'Copies the content of files for HTTP/2 instead of handing the file over.',
      values: ['On', 'Off'],
      apply: onOrOff,
    },
    H2PushResource: {
      args: 'TAKE123',
      where: ['FileInfo', 'AuthConfig'],
      help: 'add a resource to be pushed in this location/on this server.',
      since: 24,
      summary: 'Names a resource that is pushed with the pages of this folder.',
      values: ['add', 'critical'],
      apply: (_cmd, _config, first, second, third) => pushResource(first, second, third),
    },
    H2EarlyHints: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'on to enable interim status 103 responses',
      since: 24,
      summary: 'Whether hints may be sent before the response. Only the host can set it.',
    },
    H2Padding: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'set payload padding',
      since: 39,
      summary: 'How many bytes of padding hide the length of HTTP/2 frames. Only the host can set it.',
    },
    H2OutputBuffering: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'set stream output buffer on/off',
      since: 48,
      summary: 'Whether HTTP/2 responses are buffered. Only the host can set it.',
    },
    H2StreamTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'set stream timeout',
      since: 55,
      summary: 'How long an HTTP/2 request may wait for its client. Only the host can set it.',
    },
    H2MaxDataFrameLen: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of bytes in a single HTTP/2 DATA frame',
      since: 58,
      summary: 'How large a frame with content may be. Only the host can set it.',
    },
    H2MaxHeaderBlockLen: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of bytes in a response header block',
      since: 64,
      summary: 'How long the headers of an HTTP/2 response may be. Only the host can set it.',
    },
    H2MaxStreamErrors: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'maximum number of flow control errors tolerated',
      since: 64,
      summary: 'How many errors of its client an HTTP/2 connection bears. Only the host can set it.',
    },
    H2EarlyHint: {
      args: 'TAKE2',
      where: ['FileInfo', 'AuthConfig'],
      help: "add a a 'Link:' header for a 103 Early Hints response.",
      since: 58,
      summary: 'Adds a header to the hints that are sent before the response.',
      values: ['Link'],
      apply: (_cmd, _config, name, value) => earlyHint(name, value),
    },
    H2ProxyRequests: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'Enables forward proxy requests via HTTP/2',
      since: 58,
      summary: 'Whether the server may be used as a forward proxy over HTTP/2.',
      values: ['On', 'Off'],
      apply: onOrOff,
    },
    H2WebSockets: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'off to disable WebSockets over HTTP/2',
      since: 58,
      summary: 'Whether WebSockets work over HTTP/2. Only the host can set it.',
    },
  },
});
