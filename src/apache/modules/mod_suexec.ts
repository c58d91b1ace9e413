import { defineModule } from './define';

export const mod_suexec = defineModule({
  name: 'mod_suexec',
  directives: {
    SuexecUserGroup: {
      args: 'TAKE2',
      where: ['RSRC_CONF'],
      help: 'User and group for spawned processes',
      summary: 'The user and group under which CGI programs run.',
    },
  },
});
