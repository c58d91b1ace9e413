import { defineModule } from './define';

export const mod_logio = defineModule({
  name: 'mod_logio',
  directives: {
    LogIOTrackTTFB: {
      args: 'FLAG',
      where: ['All'],
      help: "Set to 'ON' to enable tracking time to first byte",
    },
  },
});
