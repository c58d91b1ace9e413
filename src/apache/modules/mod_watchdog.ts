import { defineModule } from './define';

export const mod_watchdog = defineModule({
  name: 'mod_watchdog',
  directives: {
    WatchdogInterval: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Watchdog interval in seconds',
      summary: 'How many seconds lie between two runs of background tasks.',
    },
  },
});
