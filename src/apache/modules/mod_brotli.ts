import { defineModule } from './define';

export const mod_brotli = defineModule({
  name: 'mod_brotli',
  directives: {
    BrotliFilterNote: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'Set a note to report on compression ratio',
      summary: 'Notes how well responses were compressed with Brotli, for the log. Only the host can set it.',
    },
    BrotliCompressionQuality: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Compression quality between 0 and 11 (higher quality means slower compression)',
      summary: 'How much effort goes into Brotli compression, 0 to 11. Only the host can set it.',
    },
    BrotliCompressionWindow: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Sliding window size between 10 and 24 (larger windows can improve compression, but require more memory)',
      summary: 'How far back Brotli looks for repetitions. Only the host can set it.',
    },
    BrotliCompressionMaxInputBlock: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum input block size between 16 and 24 (larger block sizes require more memory)',
      summary: 'How much Brotli compresses at a time. Only the host can set it.',
    },
    BrotliAlterETag: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Set how mod_brotli should modify ETag response headers: 'AddSuffix' (default), 'NoChange', 'Remove'",
      summary: 'What happens to the ETag of a response compressed with Brotli. Only the host can set it.',
    },
  },
});
