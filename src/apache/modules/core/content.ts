import { lowerCase } from '../../../text/bytes';
import { readWords } from '../../syntax/words';
import type { Command, Directive, Refusal } from '../define';
import { readInteger } from '../numbers';
import type { CoreConfig } from './config';
import { ETAG, NO_ETAG, withEtagWord } from './etag';

/** AP_MAX_LIMIT_XML_BODY of a 64-bit server. */
const MAX_XML_BODY = 0xffff_ffff_ffff_ffffn / 6n - 1n;

const PATH_INFO = { on: 'accept', off: 'reject', default: 'default' } as const;

/** What a directive of a few words says and does. */
interface WordFacts {
  readonly help: string;
  readonly summary: string;
  readonly place: 'FileInfo' | 'All';
  readonly values: readonly string[];
  readonly refusal: string;
}

/** A directive that takes one of a few words, which change nothing that we follow. */
function oneOf({ help, summary, place, values, refusal }: WordFacts): Directive<CoreConfig> {
  const known = values.map((value) => value.toLowerCase());
  return {
    args: 'TAKE1',
    where: [place],
    help,
    summary,
    values,
    apply: (_cmd, _config, value) => (known.includes(value.toLowerCase()) ? undefined : refusal),
  };
}

const onOff = ['On', 'Off'];
const mustBeOnOrOff = "parameter must be 'on' or 'off'";

function acceptPathInfo(_cmd: Command, config: CoreConfig, value: string): Refusal {
  const key = value.toLowerCase();
  if (!Object.hasOwn(PATH_INFO, key)) return 'AcceptPathInfo must be set to on, off or default';
  config.acceptPathInfo = PATH_INFO[key as keyof typeof PATH_INFO];
  return undefined;
}

const ETAG_WORDS: ReadonlyMap<string, number> = new Map([
  ['none', ETAG.none],
  ['all', ETAG.all],
  ['size', ETAG.size],
  ['lmtime', ETAG.mtime],
  ['mtime', ETAG.mtime],
  ['lastmodified', ETAG.mtime],
  ['inode', ETAG.inode],
  ['digest', ETAG.digest],
]);

function fileETag(_cmd: Command, config: CoreConfig, args: string): Refusal {
  let isFirst = true;
  for (const { value } of readWords(args)) {
    const sign = /^[+-]/.exec(value)?.[0] ?? '';
    const token = value.slice(sign.length);
    const word = token.toLowerCase();
    const bit = ETAG_WORDS.get(word);
    if (bit === undefined) return `Unknown keyword '${token}' for FileETag directive`;
    if (sign !== '' && (word === 'none' || word === 'all')) {
      return `FileETag keyword '${token}' cannot be used with '+' or '-'`;
    }
    // A line with plain words takes back those of the lines before it.
    const before = sign === '' && isFirst ? NO_ETAG : config.etag;
    config.etag = withEtagWord(before, sign, bit);
    isFirst &&= sign !== '';
  }
  return undefined;
}

function limitRequestBody(_cmd: Command, config: CoreConfig, value: string): Refusal {
  const { value: bytes, rest, isOutOfRange } = readInteger(value);
  if (isOutOfRange) return 'LimitRequestBody argument is not parsable.';
  if (rest !== '' || bytes < 0n) return 'LimitRequestBody requires a non-negative integer.';
  config.limitRequestBody = Number(bytes);
  return undefined;
}

function limitXmlRequestBody(_cmd: Command, _config: CoreConfig, value: string): Refusal {
  const bytes = readInteger(value).value;
  if (bytes < 0n) return 'LimitXMLRequestBody requires a non-negative integer.';
  return bytes > MAX_XML_BODY ? `LimitXMLRequestBody must not exceed ${MAX_XML_BODY}` : undefined;
}

function generateError(_cmd: Command, _config: CoreConfig, text: string): Refusal {
  if (text === '') return 'The Error directive was used with no message.';
  const quote = text[0];
  const isQuoted = (quote === '"' || quote === "'") && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1) : text;
}

function cgiVariable(_cmd: Command, config: CoreConfig, name: string, rule: string): Refusal {
  if (name !== 'REQUEST_URI') return `Unrecognized CGI variable: "${name}"`;
  if (!['current-uri', 'original-uri'].includes(rule.toLowerCase()))
    return "Valid rules for REQUEST_URI are 'current-uri' and 'original-uri'";
  // Case counts only here.
  config.hasCurrentUri = rule === 'current-uri';
  return undefined;
}

/** Limits of CGI processes: Apache only warns of a value that it does not understand. */
const processLimit = (help: string, summary: string): Directive<CoreConfig> => ({
  args: 'TAKE12',
  where: ['All'],
  help,
  summary,
  values: ['max'],
  apply: () => undefined,
});

/** A text that Apache stores unseen. */
const anyText = (help: string, summary: string): Directive<CoreConfig> => ({
  args: 'TAKE1',
  where: ['FileInfo'],
  help,
  summary,
  apply: () => undefined,
});

/** core's directives about what is sent, and how much is taken. */
export const contentDirectives = {
  AddDefaultCharset: {
    args: 'TAKE1',
    where: ['FileInfo'],
    help: "The name of the default charset to add to any Content-Type without one or 'Off' to disable",
    summary: 'The character set that text without one is sent with.',
    values: ['On', 'Off', 'utf-8'],
    apply(_cmd, config, value) {
      const word = value.toLowerCase();
      config.defaultCharset = word === 'off' ? null : word === 'on' ? 'iso-8859-1' : value;
      return undefined;
    },
  },
  AcceptPathInfo: {
    args: 'TAKE1',
    where: ['FileInfo'],
    help: 'Set to on or off for PATH_INFO to be accepted by handlers, or default for the per-handler preference',
    summary: 'Whether a URL may go on behind the name of a file.',
    values: ['On', 'Off', 'Default'],
    apply: acceptPathInfo,
  },
  Error: {
    args: 'RAW_ARGS',
    where: ['All'],
    help: 'Generate error message from within configuration',
    summary: 'Refuses the whole file with a message of its own; of use inside conditional sections.',
    apply: generateError,
  },
  DefaultType: {
    args: 'TAKE1',
    where: ['FileInfo'],
    help: 'the default media type for otherwise untyped files (DEPRECATED)',
    summary: 'Was the media type of files that have none.',
    values: ['none'],
    deprecated: 'Write ForceType, or AddType for an extension.',
    apply(cmd, _config, value) {
      if (!['off', 'none'].includes(value.toLowerCase())) {
        cmd.warn(
          `AH00117: Ignoring deprecated use of DefaultType in line ${cmd.directive.line} of .htaccess.`,
        );
      }
      return undefined;
    },
  },
  FileETag: {
    args: 'RAW_ARGS',
    where: ['FileInfo'],
    help: "Specify components used to construct a file's ETag",
    summary: 'What the ETag of a file is made of.',
    values: ['None', 'All', 'MTime', 'Size', 'INode', 'Digest'],
    apply: fileETag,
  },
  EnableMMAP: oneOf({
    help: 'Controls whether memory-mapping may be used to read files',
    summary: 'Whether files may be read by mapping them into memory.',
    place: 'FileInfo',
    values: onOff,
    refusal: mustBeOnOrOff,
  }),
  EnableSendfile: oneOf({
    help: 'Controls whether sendfile may be used to transmit files',
    summary: 'Whether the kernel may send files by itself; to be switched off for network drives.',
    place: 'FileInfo',
    values: onOff,
    refusal: mustBeOnOrOff,
  }),
  ServerSignature: oneOf({
    help: 'En-/disable server signature (on|off|email)',
    summary: "Whether Apache's own pages end with the server's version and name.",
    place: 'All',
    values: ['On', 'Off', 'EMail'],
    refusal: 'ServerSignature: use one of: off | on | email',
  }),
  ContentDigest: {
    args: 'FLAG',
    where: ['Options'],
    help: 'whether or not to send a Content-MD5 header with each request',
    summary: 'Whether files are sent with a Content-MD5 header.',
    apply(_cmd, config, on) {
      config.contentDigest = on;
      return undefined;
    },
  },
  LimitRequestBody: {
    args: 'TAKE1',
    where: ['All'],
    help: 'Limit (in bytes) on maximum size of request message body',
    summary:
      'The largest request body, in bytes; 0 for no limit. mod_fcgid refuses no longer one, but gives the program less or nothing of it.',
    apply: limitRequestBody,
  },
  LimitXMLRequestBody: {
    args: 'TAKE1',
    where: ['All'],
    help: 'Limit (in bytes) on maximum size of an XML-based request body',
    summary: 'The largest XML body, in bytes; 0 for the largest that Apache can hold.',
    apply: limitXmlRequestBody,
  },
  RLimitCPU: processLimit(
    'Soft/hard limits for max CPU usage in seconds',
    'How many seconds of processor time a CGI process gets.',
  ),
  RLimitMEM: processLimit(
    'Soft/hard limits for max memory usage per process',
    'How many bytes of memory a CGI process gets.',
  ),
  RLimitNPROC: processLimit(
    'soft/hard limits for max number of processes per uid',
    'How many processes CGI programs may start.',
  ),
  CGIPassAuth: {
    args: 'FLAG',
    where: ['AuthConfig'],
    help: 'Controls whether HTTP authorization headers, normally hidden, will be passed to scripts',
    summary: 'Whether scripts get the Authorization header, which is usually held back.',
    since: 13,
    apply(_cmd, config, on) {
      config.passAuthorization = on;
      return undefined;
    },
  },
  CGIVar: {
    args: 'TAKE2',
    where: ['FileInfo'],
    help: 'Controls how some CGI variables are set',
    summary: 'Whether REQUEST_URI is the URL of the client or that of the last internal redirect.',
    values: ['REQUEST_URI', 'current-uri', 'original-uri'],
    since: 21,
    apply: cgiVariable,
  },
  QualifyRedirectURL: {
    args: 'FLAG',
    where: ['FileInfo'],
    help: 'Controls whether the REDIRECT_URL environment variable is fully qualified',
    summary: 'Whether REDIRECT_URL is a whole URL, with scheme and host.',
    since: 18,
    apply(_cmd, config, on) {
      config.qualifyRedirectUrl = on;
      return undefined;
    },
  },
  ForceType: {
    args: 'TAKE1',
    where: ['FileInfo'],
    help: 'a mime type that overrides other configured type',
    summary: 'The media type of all files here, whatever their names.',
    values: ['none'],
    apply(_cmd, config, value) {
      config.forcedType = lowerCase(value);
      return undefined;
    },
  },
  SetHandler: {
    args: 'TAKE1',
    where: ['FileInfo'],
    help: 'a handler name that overrides any other configured handler',
    summary: 'Who answers for all files here: fcgid-script, cgi-script, a proxy, or none.',
    values: ['fcgid-script', 'cgi-script', 'default-handler', 'server-status', 'none'],
    apply(cmd, config, value) {
      const parsed = cmd.parseExpr('SetHandler', value);
      if ('refusal' in parsed) return parsed.refusal;
      config.handler = parsed.expr;
      return undefined;
    },
  },
  SetOutputFilter: {
    args: 'TAKE1',
    where: ['FileInfo'],
    help: 'filter (or ; delimited list of filters) to be run on the request content',
    summary: 'Filters that answers go through.',
    apply(_cmd, config, value) {
      config.outputFilters = value;
      return undefined;
    },
  },
  SetInputFilter: anyText(
    'filter (or ; delimited list of filters) to be run on the request body',
    'Filters that request bodies go through.',
  ),
} satisfies Record<string, Directive<CoreConfig>>;
