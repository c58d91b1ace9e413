import { defineModule } from './define';

export const prefork = defineModule({
  name: 'prefork',
  identifier: 'mpm_prefork_module',
  directives: {
    ListenBacklog: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum length of the queue of pending connections, as used by listen(2)',
    },
    ListenCoresBucketsRatio: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Ratio between the number of CPU cores (online) and the number of listeners buckets',
    },
    Listen: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: 'A port number or a numeric IP address and a port number, and an optional protocol',
    },
    SendBufferSize: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Send buffer size in bytes' },
    ReceiveBufferSize: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Receive buffer size in bytes' },
    ListenTCPDeferAccept: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Value set for the socket option TCP_DEFER_ACCEPT if it is set',
    },
    StartServers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Number of child processes launched at server startup',
    },
    MinSpareServers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Minimum number of idle children, to handle request spikes',
    },
    MaxSpareServers: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Maximum number of idle children' },
    MaxClients: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Deprecated name of MaxRequestWorkers' },
    MaxRequestWorkers: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum number of children alive at the same time',
    },
    ServerLimit: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum value of MaxRequestWorkers for this run of Apache',
    },
    GracefulShutdownTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum time in seconds to wait for child processes to complete transactions during shutdown',
    },
  },
});
