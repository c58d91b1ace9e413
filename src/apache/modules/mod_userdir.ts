import { defineModule } from './define';

export const mod_userdir = defineModule({
  name: 'mod_userdir',
  directives: {
    UserDir: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: "the public subdirectory in users' home directories, or 'disabled', or 'disabled username username...', or 'enabled username username...'",
      summary: 'Where the sites of users lie that are reached as `/~name/`. Only the host can set it.',
    },
  },
});
