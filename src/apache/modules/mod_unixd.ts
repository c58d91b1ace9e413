import { defineModule } from './define';

export const mod_unixd = defineModule({
  name: 'mod_unixd',
  directives: {
    User: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Effective user id for this server',
      summary: 'The user under which the server answers requests.',
    },
    Group: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Effective group id for this server',
      summary: 'The group under which the server answers requests.',
    },
    ChrootDir: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The directory to chroot(2) into',
      summary: 'The folder that becomes the root of the file system for the server.',
    },
    Suexec: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Enable or disable suEXEC support',
      summary: 'Lets CGI programs run under other users.',
    },
  },
});
