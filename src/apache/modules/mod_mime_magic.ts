import { defineModule } from './define';

export const mod_mime_magic = defineModule({
  name: 'mod_mime_magic',
  directives: {
    MimeMagicFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Path to MIME Magic file (in file(1) format)',
      summary: 'The file by which media types are guessed from content. Only the host can set it.',
    },
  },
});
