import { defineModule } from './define';

export const prefork = defineModule({
  name: 'prefork',
  identifier: 'mpm_prefork_module',
  directives: {
    ListenBacklog: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum length of the queue of pending connections, as used by listen(2)',
      summary: 'How many connections may wait to be taken.',
    },
    ListenCoresBucketsRatio: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Ratio between the number of CPU cores (online) and the number of listeners buckets',
      summary: 'How many processor cores share one listening socket.',
      since: 17,
    },
    Listen: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: 'A port number or a numeric IP address and a port number, and an optional protocol',
      summary: 'An address and port that the server takes connections at.',
    },
    SendBufferSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Send buffer size in bytes',
      summary: "The size of the sockets' buffers for sending.",
    },
    ReceiveBufferSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Receive buffer size in bytes',
      summary: "The size of the sockets' buffers for receiving.",
    },
    ListenTCPDeferAccept: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Value set for the socket option TCP_DEFER_ACCEPT if it is set',
      summary: 'Whether the kernel hands a connection over only with its first data.',
    },
    StartServers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Number of child processes launched at server startup',
      summary: 'How many processes there are at the start.',
    },
    MinSpareServers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Minimum number of idle children, to handle request spikes',
      summary: 'The fewest processes that wait for requests.',
    },
    MaxSpareServers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum number of idle children',
      summary: 'The most processes that wait for requests.',
    },
    MaxClients: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Deprecated name of MaxRequestWorkers',
      summary: 'The former name of MaxRequestWorkers.',
      deprecated: 'Write MaxRequestWorkers.',
    },
    MaxRequestWorkers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum number of children alive at the same time',
      summary: 'The most requests that are answered at the same time.',
    },
    ServerLimit: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum value of MaxRequestWorkers for this run of Apache',
      summary: 'The most that MaxRequestWorkers may be.',
    },
    GracefulShutdownTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum time in seconds to wait for child processes to complete transactions during shutdown',
      summary: 'How long a graceful stop waits for running requests.',
    },
  },
});
