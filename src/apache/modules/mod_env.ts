import { defineModule } from './define';

export const mod_env = defineModule({
  name: 'mod_env',
  directives: {
    PassEnv: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'a list of environment variables to pass to CGI.',
    },
    SetEnv: {
      args: 'TAKE12',
      where: ['FileInfo'],
      help: 'an environment variable name and optional value to pass to CGI.',
    },
    UnsetEnv: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'a list of variables to remove from the CGI environment.',
    },
  },
});
