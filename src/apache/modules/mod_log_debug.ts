import { defineModule } from './define';

export const mod_log_debug = defineModule({
  name: 'mod_log_debug',
  directives: {
    LogMessage: {
      args: 'TAKE123',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Log a debug message to the error log if this config block is used for  a request',
      summary: 'Writes a text of its own to the error log for each request. Only the host can set it.',
    },
  },
});
