import { defineModule } from './define';

export const mod_actions = defineModule({
  name: 'mod_actions',
  directives: {
    Action: { args: 'TAKE23', where: ['FileInfo'], help: 'a media type followed by a script name' },
    Script: {
      args: 'TAKE2',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'a method followed by a script name',
    },
  },
});
