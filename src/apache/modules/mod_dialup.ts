import { defineModule } from './define';

export const mod_dialup = defineModule({
  name: 'mod_dialup',
  directives: {
    ModemStandard: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: "Modem Standard to.. simulate. Must be one of: 'V.21', 'V.26bis', 'V.32', 'V.34', or 'V.92'",
      summary: 'Sends files as slowly as a modem of the named standard.',
    },
  },
});
