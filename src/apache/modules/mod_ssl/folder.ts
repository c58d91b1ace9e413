import { isAbove } from '../../request/files';
import { readWords } from '../../syntax/words';
import type { Command, Directive, Refusal } from '../define';
import { leadingInteger } from '../numbers';
import { serverRootRelative } from '../serverFile';
import { SSL_OPTIONS, type SslConfig, type SslOption } from './config';

const NO_AUTHORITIES_PER_FOLDER = 'Your SSL library does not have support for per-directory CA';

const VERIFY_WORDS = ['none', 'off', 'optional', 'require', 'on', 'optional_no_ca'];

function cipherSuite(_cmd: Command, _config: SslConfig, first: string, second: string | undefined): Refusal {
  if (second === undefined || first === 'SSL') return undefined;
  return first === 'TLSv1.3'
    ? 'TLSv1.3 ciphers cannot be set inside a directory context'
    : `protocol '${first}' not supported`;
}

/** Never allowed in a folder; Apache looks for the file first. */
function authorities(kind: 'directory' | 'file'): (cmd: Command, config: SslConfig, path: string) => Refusal {
  return (cmd, _config, path) => {
    const whole = serverRootRelative(path);
    const [short, missing] = kind === 'file' ? ['file', 'or is empty'] : ['dir', ''];
    if (whole === undefined) return `${cmd.name}: Invalid ${short} path ${path}`;
    const isAboveTree = kind === 'directory' && isAbove(whole.replace(/(?<=.)\/$/, ''), cmd.host.treeRoot);
    if (isAboveTree || cmd.fileExists(whole)) return NO_AUTHORITIES_PER_FOLDER;
    return `${cmd.name}: ${kind} '${whole}' does not exist ${missing}`.trimEnd();
  };
}

function setOptions(_cmd: Command, config: SslConfig, args: string): Refusal {
  for (const { value } of readWords(args)) {
    const sign = /^[+-]/.exec(value)?.[0] ?? '';
    const word = value.slice(sign.length);
    const option = SSL_OPTIONS.find((known) => known.toLowerCase() === word.toLowerCase());
    if (sign === '') config.isRelative = false;
    if (option === undefined) return `SSLOptions: Illegal option '${word}'`;
    changeOption(config, sign, option);
  }
  return undefined;
}

/** Of several words without sign only the last one counts. */
function changeOption(config: SslConfig, sign: string, option: SslOption): void {
  const change = (set: ReadonlySet<SslOption>, isIn: boolean): Set<SslOption> =>
    new Set([...[...set].filter((known) => known !== option), ...(isIn ? [option] : [])]);
  config.options = sign === '' ? new Set([option]) : change(config.options, sign === '+');
  config.added = sign === '' ? new Set([option]) : change(config.added, sign === '+');
  config.removed = sign === '' ? new Set() : change(config.removed, sign === '-');
}

function requireExpression(cmd: Command, config: SslConfig, args: string): Refusal {
  const parsed = cmd.parseExpr('SSLRequire', args);
  if ('refusal' in parsed) return parsed.refusal;
  config.requirements = [...config.requirements, parsed.expr];
  return undefined;
}

/** TLS of a folder. */
export const folderDirectives = {
  SSLCipherSuite: {
    args: 'TAKE12',
    where: ['AuthConfig', 'RSRC_CONF'],
    help: "Colon-delimited list of permitted SSL Ciphers, optional preceded by protocol identifier ('XXX:...:XXX' - see manual)",
    summary:
      'The ciphers that may be used for this folder; another choice makes old TLS connections start over.',
    apply: cipherSuite,
  },
  SSLCACertificatePath: {
    args: 'TAKE1',
    where: ['AuthConfig', 'RSRC_CONF'],
    help: "SSL CA Certificate path ('/path/to/dir' - contains PEM encoded files)",
    summary: 'The folder of authorities whose client certificates count; works only for a whole site.',
    apply: authorities('directory'),
  },
  SSLCACertificateFile: {
    args: 'TAKE1',
    where: ['AuthConfig', 'RSRC_CONF'],
    help: "SSL CA Certificate file ('/path/to/file' - PEM encoded)",
    summary: 'The file of authorities whose client certificates count; works only for a whole site.',
    apply: authorities('file'),
  },
  SSLVerifyClient: {
    args: 'TAKE1',
    where: ['AuthConfig', 'RSRC_CONF'],
    help: "SSL Client verify type ('none', 'optional', 'require', 'optional_no_ca')",
    summary: 'Whether visitors of this folder are asked for a certificate of their own.',
    values: ['none', 'optional', 'require', 'optional_no_ca'],
    apply: (cmd, _config, value) =>
      VERIFY_WORDS.includes(value.toLowerCase()) ? undefined : `${cmd.name}: Invalid argument '${value}'`,
  },
  SSLVerifyDepth: {
    args: 'TAKE1',
    where: ['AuthConfig', 'RSRC_CONF'],
    help: "SSL Client verify depth ('N' - number of intermediate certificates)",
    summary: "How many authorities may stand between a visitor's certificate and a trusted one.",
    apply: (cmd, _config, value) =>
      leadingInteger(value) < 0 ? `${cmd.name}: Invalid argument '${value}'` : undefined,
  },
  SSLUserName: {
    args: 'TAKE1',
    where: ['AuthConfig', 'RSRC_CONF'],
    help: 'Set user name to SSL variable value',
    summary: "Takes the user's name from this field of the visitor's certificate.",
    /** Any text; an unknown variable gives no name. */
    apply: () => undefined,
  },
  SSLOptions: {
    args: 'RAW_ARGS',
    where: ['Options'],
    help: "Set one or more options to configure the SSL engine('[+-]option[=value] ...' - see manual)",
    summary:
      'Switches on extras of TLS for this folder, as certificate fields in the environment of programs.',
    values: ['+', '-'].flatMap((sign) => SSL_OPTIONS.map((option) => sign + option)),
    apply: setOptions,
  },
  SSLRequireSSL: {
    args: 'RAW_ARGS',
    where: ['AuthConfig'],
    help: 'Require the SSL protocol for the per-directory context (no arguments)',
    summary: 'Answers 403 to requests that did not come over HTTPS.',
    /** Arguments are not looked at. */
    apply(_cmd, config) {
      config.requiresSsl = true;
      return undefined;
    },
  },
  SSLRequire: {
    args: 'RAW_ARGS',
    where: ['AuthConfig'],
    help: 'Require a boolean expression to evaluate to true for granting access(arbitrary complex boolean expression - see manual)',
    summary: 'Answers 403 to requests over HTTPS that do not meet this expression.',
    deprecated: 'Require expr says the same in a newer way.',
    apply: requireExpression,
  },
  SSLRenegBufferSize: {
    args: 'TAKE1',
    where: ['AuthConfig'],
    help: 'Configure the amount of memory that will be used for buffering the request body if a per-location SSL renegotiation is required due to changed access control requirements',
    summary: 'How many bytes of a posted body are held back while TLS starts over for this folder.',
    apply: (_cmd, _config, value) =>
      leadingInteger(value) < 0 ? `Invalid size for SSLRenegBufferSize: ${value}` : undefined,
  },
  SSLLog: {
    args: 'RAW_ARGS',
    where: ['All'],
    help: 'SSLLog directive is no longer supported - use ErrorLog.',
    summary: 'Was the log of TLS; Apache refuses it now.',
    deprecated: 'Use ErrorLog.',
    apply: () => 'SSLLog directive is no longer supported - use ErrorLog.',
  },
  SSLLogLevel: {
    args: 'RAW_ARGS',
    where: ['All'],
    help: 'SSLLogLevel directive is no longer supported - use LogLevel.',
    summary: 'Was the level of the log of TLS; Apache refuses it now.',
    deprecated: 'Use LogLevel.',
    apply: () => 'SSLLogLevel directive is no longer supported - use LogLevel.',
  },
} satisfies Record<string, Directive<SslConfig>>;
