import { defineModule } from './define';

export const mod_log_config = defineModule({
  name: 'mod_log_config',
  directives: {
    CustomLog: {
      args: 'TAKE23',
      where: ['RSRC_CONF'],
      help: 'a file name, a custom log format string or format name, and an optional "env=" or "expr=" clause (see docs)',
      summary: 'Where requests are logged, and in which format. Only the host can set it.',
    },
    GlobalLog: {
      args: 'TAKE23',
      where: ['RSRC_CONF'],
      help: 'Same as CustomLog, but forces virtualhosts to inherit the log',
      since: 19,
      summary: 'A log for the requests of all virtual hosts. Only the host can set it.',
    },
    TransferLog: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'the filename of the access log',
      summary: 'Where requests are logged in the format set last. Only the host can set it.',
    },
    LogFormat: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'a log format string (see docs) and an optional format name',
      summary: 'Describes a format for logs. Only the host can set it.',
    },
    BufferedLogs: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Enable Buffered Logging (experimental)',
      summary: 'Collects lines of the log before they are written. Only the host can set it.',
    },
  },
});
