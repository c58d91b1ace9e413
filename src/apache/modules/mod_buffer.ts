import { defineModule } from './define';

export const mod_buffer = defineModule({
  name: 'mod_buffer',
  directives: {
    BufferSize: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'Maximum size of the buffer used by the buffer filter',
      summary: 'How much of a body the BUFFER filter collects. Only the host can set it.',
    },
  },
});
