import { readWords } from '../../syntax/words';
import type { Command, Directive, Refusal } from '../define';
import { readInteger } from '../numbers';
import type { CoreConfig } from './config';

/** AP_MAX_LIMIT_XML_BODY of a 64-bit server. */
const MAX_XML_BODY = 0xffff_ffff_ffff_ffffn / 6n - 1n;

const PATH_INFO = { on: 'accept', off: 'reject', default: 'default' } as const;

/** A directive that takes one of a few words, which change nothing that we follow. */
function oneOf(
  help: string,
  place: 'FileInfo' | 'All',
  words: readonly string[],
  refusal: string,
): Directive<CoreConfig> {
  return {
    args: 'TAKE1',
    where: [place],
    help,
    apply: (_cmd, _config, value) => (words.includes(value.toLowerCase()) ? undefined : refusal),
  };
}

const onOff = ['on', 'off'];
const mustBeOnOrOff = "parameter must be 'on' or 'off'";

function acceptPathInfo(_cmd: Command, config: CoreConfig, value: string): Refusal {
  const key = value.toLowerCase();
  if (!Object.hasOwn(PATH_INFO, key)) return 'AcceptPathInfo must be set to on, off or default';
  config.acceptPathInfo = PATH_INFO[key as keyof typeof PATH_INFO];
  return undefined;
}

const ETAG_WORDS = ['none', 'all', 'size', 'lmtime', 'mtime', 'lastmodified', 'inode', 'digest'];

function fileETag(_cmd: Command, _config: CoreConfig, args: string): Refusal {
  for (const { value } of readWords(args)) {
    const isRelative = /^[+-]/.test(value);
    const token = isRelative ? value.slice(1) : value;
    const word = token.toLowerCase();
    if (!ETAG_WORDS.includes(word)) return `Unknown keyword '${token}' for FileETag directive`;
    if (isRelative && (word === 'none' || word === 'all')) {
      return `FileETag keyword '${token}' cannot be used with '+' or '-'`;
    }
  }
  return undefined;
}

function limitRequestBody(_cmd: Command, _config: CoreConfig, value: string): Refusal {
  const { value: bytes, rest, isOutOfRange } = readInteger(value);
  if (isOutOfRange) return 'LimitRequestBody argument is not parsable.';
  return rest !== '' || bytes < 0n ? 'LimitRequestBody requires a non-negative integer.' : undefined;
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

function cgiVariable(_cmd: Command, _config: CoreConfig, name: string, rule: string): Refusal {
  if (name !== 'REQUEST_URI') return `Unrecognized CGI variable: "${name}"`;
  return ['current-uri', 'original-uri'].includes(rule.toLowerCase())
    ? undefined
    : "Valid rules for REQUEST_URI are 'current-uri' and 'original-uri'";
}

/** Limits of CGI processes: Apache only warns of a value that it does not understand. */
const processLimit = (help: string): Directive<CoreConfig> => ({
  args: 'TAKE12',
  where: ['All'],
  help,
  apply: () => undefined,
});

/** A text that Apache stores unseen. */
const anyText = (help: string): Directive<CoreConfig> => ({
  args: 'TAKE1',
  where: ['FileInfo'],
  help,
  apply: () => undefined,
});

const anyFlag = (help: string, place: 'AuthConfig' | 'Options'): Directive<CoreConfig> => ({
  args: 'FLAG',
  where: [place],
  help,
  apply: () => undefined,
});

/** core's directives about what is sent, and how much is taken. */
export const contentDirectives = {
  AddDefaultCharset: {
    args: 'TAKE1',
    where: ['FileInfo'],
    help: "The name of the default charset to add to any Content-Type without one or 'Off' to disable",
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
    apply: acceptPathInfo,
  },
  Error: {
    args: 'RAW_ARGS',
    where: ['All'],
    help: 'Generate error message from within configuration',
    apply: generateError,
  },
  DefaultType: {
    args: 'TAKE1',
    where: ['FileInfo'],
    help: 'the default media type for otherwise untyped files (DEPRECATED)',
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
    apply: fileETag,
  },
  EnableMMAP: oneOf(
    'Controls whether memory-mapping may be used to read files',
    'FileInfo',
    onOff,
    mustBeOnOrOff,
  ),
  EnableSendfile: oneOf(
    'Controls whether sendfile may be used to transmit files',
    'FileInfo',
    onOff,
    mustBeOnOrOff,
  ),
  ServerSignature: oneOf(
    'En-/disable server signature (on|off|email)',
    'All',
    ['on', 'off', 'email'],
    'ServerSignature: use one of: off | on | email',
  ),
  ContentDigest: anyFlag('whether or not to send a Content-MD5 header with each request', 'Options'),
  LimitRequestBody: {
    args: 'TAKE1',
    where: ['All'],
    help: 'Limit (in bytes) on maximum size of request message body',
    apply: limitRequestBody,
  },
  LimitXMLRequestBody: {
    args: 'TAKE1',
    where: ['All'],
    help: 'Limit (in bytes) on maximum size of an XML-based request body',
    apply: limitXmlRequestBody,
  },
  RLimitCPU: processLimit('Soft/hard limits for max CPU usage in seconds'),
  RLimitMEM: processLimit('Soft/hard limits for max memory usage per process'),
  RLimitNPROC: processLimit('soft/hard limits for max number of processes per uid'),
  CGIPassAuth: anyFlag(
    'Controls whether HTTP authorization headers, normally hidden, will be passed to scripts',
    'AuthConfig',
  ),
  CGIVar: {
    args: 'TAKE2',
    where: ['FileInfo'],
    help: 'Controls how some CGI variables are set',
    apply: cgiVariable,
  },
  QualifyRedirectURL: {
    args: 'FLAG',
    where: ['FileInfo'],
    help: 'Controls whether the REDIRECT_URL environment variable is fully qualified',
    apply(_cmd, config, on) {
      config.qualifyRedirectUrl = on;
      return undefined;
    },
  },
  ForceType: {
    args: 'TAKE1',
    where: ['FileInfo'],
    help: 'a mime type that overrides other configured type',
    apply(_cmd, config, value) {
      config.forcedType = value.toLowerCase();
      return undefined;
    },
  },
  SetHandler: {
    args: 'TAKE1',
    where: ['FileInfo'],
    help: 'a handler name that overrides any other configured handler',
    apply(cmd, config, value) {
      const parsed = cmd.parseExpr('SetHandler', value);
      if ('refusal' in parsed) return parsed.refusal;
      config.handler = parsed.expr;
      return undefined;
    },
  },
  SetOutputFilter: anyText('filter (or ; delimited list of filters) to be run on the request content'),
  SetInputFilter: anyText('filter (or ; delimited list of filters) to be run on the request body'),
} satisfies Record<string, Directive<CoreConfig>>;
