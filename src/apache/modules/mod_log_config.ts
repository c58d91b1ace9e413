import { defineModule } from './define';

export const mod_log_config = defineModule({
  name: 'mod_log_config',
  directives: {
    CustomLog: {
      args: 'TAKE23',
      where: ['RSRC_CONF'],
      help: 'a file name, a custom log format string or format name, and an optional "env=" or "expr=" clause (see docs)',
    },
    GlobalLog: {
      args: 'TAKE23',
      where: ['RSRC_CONF'],
      help: 'Same as CustomLog, but forces virtualhosts to inherit the log',
    },
    TransferLog: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'the filename of the access log' },
    LogFormat: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'a log format string (see docs) and an optional format name',
    },
    BufferedLogs: { args: 'FLAG', where: ['RSRC_CONF'], help: 'Enable Buffered Logging (experimental)' },
  },
});
