import { defineModule } from './define';

export const mod_deflate = defineModule({
  name: 'mod_deflate',
  directives: {
    DeflateFilterNote: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'Set a note to report on compression ratio',
    },
    DeflateWindowSize: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Set the Deflate window size (1-15)' },
    DeflateBufferSize: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Set the Deflate Buffer Size' },
    DeflateMemLevel: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Set the Deflate Memory Level (1-9)' },
    DeflateCompressionLevel: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the Deflate Compression Level (1-9)',
    },
    DeflateInflateLimitRequestBody: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Set a limit on size of inflated input',
    },
    DeflateInflateRatioLimit: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Set the inflate ratio limit above which inflation is aborted (default: 200)',
    },
    DeflateInflateRatioBurst: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Set the maximum number of following inflate ratios above limit (default: 3)',
    },
    DeflateAlterEtag: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Set how mod_deflate should modify ETAG response headers: 'AddSuffix' (default), 'NoChange' (2.2.x behavior), 'Remove'",
    },
  },
});
