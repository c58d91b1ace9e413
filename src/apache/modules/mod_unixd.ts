import { defineModule } from './define';

export const mod_unixd = defineModule({
  name: 'mod_unixd',
  directives: {
    User: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Effective user id for this server' },
    Group: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Effective group id for this server' },
    ChrootDir: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'The directory to chroot(2) into' },
    Suexec: { args: 'FLAG', where: ['RSRC_CONF'], help: 'Enable or disable suEXEC support' },
  },
});
