import { defineModule } from './define';

export const mod_cgi = defineModule({
  name: 'mod_cgi',
  directives: {
    ScriptLog: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'the name of a log for script debugging info',
      summary: 'The file that failures of CGI scripts are written to.',
    },
    ScriptLogLength: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'the maximum length (in bytes) of the script debug log',
      summary: 'The size from which the script log is no longer written.',
    },
    ScriptLogBuffer: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'the maximum size (in bytes) to record of a POST request',
      summary: 'How much of a request body goes into the script log.',
    },
    CGIScriptTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The amount of time to wait between successful reads from the CGI script, in seconds.',
      summary: 'Seconds that Apache waits for the next output of a CGI script.',
      since: 59,
    },
  },
});
