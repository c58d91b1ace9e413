import { defineModule } from './define';

export const mod_authn_file = defineModule({
  name: 'mod_authn_file',
  directives: {
    AuthUserFile: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'text file containing user IDs and passwords',
    },
  },
});
