import { defineModule } from './define';

export const mod_cgid = defineModule({
  name: 'mod_cgid',
  directives: {
    ScriptLog: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'the name of a log for script debugging info' },
    ScriptLogLength: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'the maximum length (in bytes) of the script debug log',
    },
    ScriptLogBuffer: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'the maximum size (in bytes) to record of a POST request',
    },
    ScriptSock: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'the name of the socket to use for communication with the cgi daemon.',
    },
    CGIDScriptTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The amount of time to wait between successful reads from the CGI script, in seconds.',
    },
  },
});
