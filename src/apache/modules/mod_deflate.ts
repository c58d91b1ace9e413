import { defineModule, type Command, type Refusal } from './define';
import { leadingInteger, readInteger } from './numbers';

function inflateLimit(_cmd: Command, _config: unknown, text: string): Refusal {
  const { value, rest, isOutOfRange } = readInteger(text);
  if (isOutOfRange) return 'DeflateInflateLimitRequestBody is not parsable.';
  return rest !== '' || value < 0n
    ? 'DeflateInflateLimitRequestBody requires a non-negative integer.'
    : undefined;
}

function positive(cmd: Command, _config: unknown, text: string): Refusal {
  return leadingInteger(text) <= 0 ? `${cmd.name} must be positive` : undefined;
}

export const mod_deflate = defineModule({
  name: 'mod_deflate',
  directives: {
    DeflateFilterNote: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'Set a note to report on compression ratio',
      summary: 'Notes how well responses were compressed, for the log. Only the host can set it.',
    },
    DeflateWindowSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the Deflate window size (1-15)',
      summary: 'How far back the compression looks for repetitions. Only the host can set it.',
    },
    DeflateBufferSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the Deflate Buffer Size',
      summary: 'How much is compressed at a time. Only the host can set it.',
    },
    DeflateMemLevel: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the Deflate Memory Level (1-9)',
      summary: 'How much memory the compression may use. Only the host can set it.',
    },
    DeflateCompressionLevel: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set the Deflate Compression Level (1-9)',
      summary: 'How much effort goes into compression, 1 to 9. Only the host can set it.',
    },
    DeflateInflateLimitRequestBody: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Set a limit on size of inflated input',
      since: 10,
      summary: 'How large a compressed request body may become, in bytes.',
      apply: inflateLimit,
    },
    DeflateInflateRatioLimit: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Set the inflate ratio limit above which inflation is aborted (default: 200)',
      since: 10,
      summary: 'How many times larger a compressed request body may become before it counts as an attack.',
      apply: positive,
    },
    DeflateInflateRatioBurst: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Set the maximum number of following inflate ratios above limit (default: 3)',
      since: 10,
      summary: 'How often a compressed request body may go beyond DeflateInflateRatioLimit.',
      apply: positive,
    },
    DeflateAlterEtag: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Set how mod_deflate should modify ETAG response headers: 'AddSuffix' (default), 'NoChange' (2.2.x behavior), 'Remove'",
      since: 58,
      summary: 'What happens to the ETag of a compressed response. Only the host can set it.',
    },
  },
});
