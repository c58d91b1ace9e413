import { defineModule } from './define';

export const mod_brotli = defineModule({
  name: 'mod_brotli',
  directives: {
    BrotliFilterNote: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'Set a note to report on compression ratio',
    },
    BrotliCompressionQuality: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Compression quality between 0 and 11 (higher quality means slower compression)',
    },
    BrotliCompressionWindow: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Sliding window size between 10 and 24 (larger windows can improve compression, but require more memory)',
    },
    BrotliCompressionMaxInputBlock: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum input block size between 16 and 24 (larger block sizes require more memory)',
    },
    BrotliAlterETag: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Set how mod_brotli should modify ETag response headers: 'AddSuffix' (default), 'NoChange', 'Remove'",
    },
  },
});
