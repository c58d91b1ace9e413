import { defineModule } from './define';

export const mod_log_forensic = defineModule({
  name: 'mod_log_forensic',
  directives: {
    ForensicLog: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'the filename of the forensic log',
      summary: 'A log with a line before and one after each request.',
    },
  },
});
