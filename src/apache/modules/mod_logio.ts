import { defineModule } from './define';

export const mod_logio = defineModule({
  name: 'mod_logio',
  directives: {
    LogIOTrackTTFB: {
      args: 'FLAG',
      where: ['All'],
      help: "Set to 'ON' to enable tracking time to first byte",
      since: 13,
      summary: 'Measures the time to the first byte of each response, for the log.',
      apply: () => undefined,
    },
  },
});
