import {
  LOOP,
  NO_EXECCGI,
  RULE,
  UNREADABLE,
  badRequest,
  cannotReach,
  cgiFailed,
  cgiMissing,
  denied,
  fpm,
  groupFile,
  include,
  mapMissing,
  negotiation,
  noAuthentication,
  noIndex,
  noSymlink,
  notAuthorized,
  notReadable,
  password,
  passwordFile,
  proxy,
  remote,
} from './coreWords';
import { known, plain, routine, type KnownMessage, type Rank, type Words } from './known';

/** Messages of a program's answer, from Apache's util_script.c; they carry no number in some versions. */
const ANSWERS: readonly KnownMessage[] = [
  known('core.no-output', 'symptom', /^End of script output before headers: (.+)/, ([name = '']) => ({
    summary: `The visitor got a 500: ${name} sent nothing before it ended or was given up.`,
    cause: 'The reason stands in the line before: the program did not start, crashed or took too long.',
    remedy: 'Look at the lines just before this one.',
    script: name,
    fixes: [{ kind: 'doctor' }, { kind: 'preflight' }],
  })),
  known('core.premature-end', 'consequence', /^Premature end of script headers: (.+)/, ([name = '']) => ({
    summary: `The visitor got a 500: the header of ${name}'s answer has no end.`,
    cause:
      'Something that looks like a header was printed (an error message with a colon is enough), the empty line after the headers is missing, or a header is longer than 8 KB.',
    remedy: 'Print nothing but the answer to standard output; error messages belong on standard error.',
    script: name,
  })),
  known(
    'core.malformed-header',
    'cause',
    /^malformed header from script '(.+?)': Bad header: (.*)/,
    ([name = '', header = '']) => ({
      summary: `The visitor got a 500: ${name} sent "${header}" where a header was expected.`,
      cause: header.startsWith('HTTP/')
        ? 'The program sends a status line of HTTP; FastCGI wants a "Status:" header instead.'
        : 'The program printed text before its headers, such as a print() for debugging.',
      remedy: header.startsWith('HTTP/')
        ? 'Send "Status: 200 OK" instead.'
        : 'Send debugging output to standard error, and an empty line between headers and body.',
      script: name,
    }),
  ),
  known(
    'core.invalid-status',
    'cause',
    /^Invalid status line from script '(.+?)': (.*)/,
    ([name = '', status]) => ({
      summary: `${name} sent the status "${status}", which is none.`,
      cause: 'A status is a number from 100 to 599, and a reason in words.',
      remedy: 'Send for example "Status: 404 Not Found".',
      script: name,
    }),
  ),
];

const any = (code: string, rank: Rank, words: (message: string) => Words): KnownMessage => ({
  code,
  rank,
  explains: (message) => words(message),
});

/** Messages by number: those that somebody who writes a .htaccess or a dispatcher can cause. Numbers as in Apache 2.4.71. */
const NUMBERED: readonly (readonly [codes: string, one: KnownMessage])[] = [
  [
    'AH00161 AH00484 AH00485 AH00288 AH10159',
    any('core.busy', 'symptom', () => ({
      summary: 'The server has more requests than it can take; visitors wait.',
      cause:
        'All workers of Apache are busy: with slow requests, with programs that hang, or with other sites of the host.',
      remedy: 'Look for slow requests at this time; if they are not yours, tell your host.',
    })),
  ],
  ['AH00124', any('core.redirect-loop', 'cause', () => LOOP)],
  [
    'AH00125',
    any('core.subrequest-loop', 'cause', () => ({
      ...LOOP,
      summary: 'The visitor got a 500: subrequests call each other without end.',
      cause: 'An ErrorDocument, DirectoryIndex or rule leads to itself.',
    })),
  ],
  ['AH00529', any('core.htaccess-unreadable', 'cause', () => UNREADABLE)],
  [
    'AH00524',
    any('core.handler-failed', 'symptom', (message) => ({
      summary: `A handler gave up: ${message}`,
      cause: 'The answer was already on its way when the program failed.',
      remedy: 'Look at the lines before.',
    })),
  ],
  ['AH00035 AH00036 AH02291', any('core.cannot-reach', 'cause', cannotReach)],
  ['AH00132', any('core.not-readable', 'cause', notReadable)],
  ['AH00032 AH00037', any('core.symlink', 'cause', noSymlink)],
  ['AH00038 AH00554', any('core.not-a-file', 'cause', cgiMissing)],
  [
    'AH00025 AH00027 AH00028 AH00571 AH01616 AH01627 AH01629 AH01796',
    any('auth.incomplete', 'cause', noAuthentication),
  ],
  ['AH01617 AH01618', any('auth.refused', 'symptom', password)],
  ['AH01619 AH01620 AH01621 AH01622', any('auth.password-file', 'cause', passwordFile)],
  ['AH01664 AH01665 AH01668 AH01669', any('auth.group-file', 'cause', groupFile)],
  ['AH01631 AH01663 AH01666 AH01667 AH01670 AH01671', any('auth.not-authorized', 'symptom', notAuthorized)],
  ['AH01630 AH01797', any('core.denied', 'cause', denied)],
  ['AH01276', any('core.no-index', 'cause', noIndex)],
  ['AH01275', any('core.cannot-list', 'cause', cannotReach)],
  [
    'AH00126 AH00127 AH00134 AH00135 AH00550 AH00560 AH00561 AH00562 AH00563 AH00564 AH00565 AH00567 AH02418 AH02426 AH02427 AH03442 AH03445 AH03447 AH03451 AH03452 AH03453 AH10156 AH10242 AH10244',
    any('core.bad-request', 'routine', badRequest),
  ],
  [
    'AH00128 AH00129 AH00130',
    any('core.not-found', 'symptom', (message) => ({
      summary: `The visitor got a 404: ${message.replace(/^.*?: /, '')} is not there.`,
      cause: 'The file is missing on the server, or its name is written differently (capitals count).',
      remedy: 'Upload it, or correct the link.',
      fixes: RULE,
    })),
  ],
  [
    'AH02429',
    known(
      'core.bad-response-header',
      'cause',
      /^Response header name '(.*)' contains invalid characters/,
      ([name]) => ({
        summary: `The visitor got a 500: "${name}" cannot be the name of a header.`,
        cause: 'A header name consists of letters, digits and dashes, without blanks.',
        remedy: 'Correct the header in the program.',
      }),
    ),
  ],
  [
    'AH02430',
    known('core.bad-response-value', 'cause', /^Response header '(.*?)' value/, ([name]) => ({
      summary: `The visitor got a 500: the header ${name} has a value with forbidden characters.`,
      cause: 'A line break or control character stands in the value.',
      remedy: 'Correct the value in the program or in the Header line.',
    })),
  ],
  [
    'AH02809 AH01228',
    known(
      'core.no-execcgi',
      'cause',
      /^(?:Options ExecCGI is off in this directory|exec used but not allowed in):? (.+)/,
      ([path = '']) => NO_EXECCGI(path),
    ),
  ],
  ['AH02810 AH02811 AH02812 AH01262', any('cgi.missing', 'cause', cgiMissing)],
  [
    'AH01217 AH01218 AH01219 AH01220 AH01222 AH01223 AH01224 AH01225 AH01241 AH01242 AH01243 AH01252 AH02651',
    any('cgi.failed', 'cause', cgiFailed),
  ],
  [
    'AH02295 AH02296 AH02304',
    any('htaccess.refused', 'cause', (message) => ({
      summary: `Every request below this folder gets a 500: ${message}`,
      cause: 'The .htaccess holds a line that this host refuses.',
      remedy: 'Correct or remove the line.',
      fixes: RULE,
    })),
  ],
  [
    'AH00670',
    any('rewrite.no-symlinks', 'cause', () => ({
      summary: 'The visitor got a 403: rewriting needs the option FollowSymLinks, which is off here.',
      cause: 'Neither FollowSymLinks nor SymLinksIfOwnerMatch is set for this folder.',
      remedy: 'Write "Options +SymLinksIfOwnerMatch" (or +FollowSymLinks) above the rules.',
      fixes: RULE,
    })),
  ],
  ['AH10160 AH00669', any('rewrite.no-proxy', 'cause', remote)],
  [
    'AH10508',
    any('rewrite.unsafe-question-mark', 'cause', () => ({
      summary: 'The visitor got a 403: the address contains %3F, and a rule would put it into a path.',
      cause: 'Since 2.4.60 Apache refuses a rewritten address with an encoded question mark.',
      remedy: 'Add the flag UnsafeAllow3F to the rule if the address is meant to be so.',
      fixes: RULE,
    })),
  ],
  [
    'AH10410 AH10411',
    any('rewrite.control-characters', 'cause', () => ({
      summary: 'The visitor got a 403: a rule would make an address with blanks or control characters.',
      cause: 'A captured part of the address is put, decoded, into a query or path.',
      remedy: 'Add the flag B (or BCTLS) to the rule.',
      fixes: RULE,
    })),
  ],
  [
    'AH02596',
    any('rewrite.endless-n', 'cause', () => ({
      summary: 'The visitor got a 500: a rule with the flag N went round 32,000 times.',
      cause: 'Its pattern matches its own result.',
      remedy: 'Let the pattern not match the result, or use [N=10].',
      fixes: RULE,
    })),
  ],
  ['AH00655 AH00656 AH00661 AH00662 AH00663', any('rewrite.map', 'cause', mapMissing)],
  [
    'AH01504 AH01505',
    any('core.replacement', 'cause', (message) => ({
      summary: `A replacement of Header or SetEnvIf failed: ${message}`,
      cause: 'The pattern makes a value that is too long.',
      remedy: 'Make the pattern match less.',
      fixes: RULE,
    })),
  ],
  ['AH00681 AH00682 AH00683 AH00684 AH00686 AH00687', any('negotiation', 'cause', negotiation)],
  [
    'AH01144 AH01114 AH00957 AH00959 AH01102 AH01103 AH01106 AH01112 AH00898 AH01084 AH01097',
    any('proxy.failed', 'cause', proxy),
  ],
  ['AH01067 AH01068 AH01069 AH01070 AH01071 AH01075 AH01079', any('fpm.failed', 'consequence', fpm)],
  [
    'AH01332 AH01333 AH01334 AH01335 AH01339 AH01341 AH01342 AH01347 AH01348 AH01349 AH01366 AH01374 AH02668 AH02669 AH02670 AH03188 AH03189 AH03190 AH03191 AH03192',
    any('include.error', 'cause', include),
  ],
];

/** Recognised by their number. */
export const messagesByCode: ReadonlyMap<string, KnownMessage> = new Map(
  NUMBERED.flatMap(([codes, one]) => codes.split(' ').map((code) => [code, one] as const)),
);

/** Messages of Apache itself that are recognised by their text: without number, or as versions without numbers write them. */
export const coreMessages: readonly KnownMessage[] = [
  ...ANSWERS,
  plain('core.redirect-loop', 'cause', /^Request exceeded the limit of \d+ internal redirects/, LOOP),
  plain('core.htaccess-unreadable', 'cause', /pcfg_openfile: unable to check htaccess file/, UNREADABLE),
  known('core.denied', 'cause', /^client denied by server configuration: (.*)/, (_, { message }) =>
    denied(message),
  ),
  known('core.no-index', 'cause', /^Directory index forbidden by Options directive: (.*)/, ([folder = '']) =>
    noIndex(`Cannot serve directory ${folder}: No matching DirectoryIndex ()`),
  ),
  known('core.not-found', 'symptom', /^File does not exist: (.*)/, ([path = '']) => ({
    summary: `The visitor got a 404: ${path} is not there.`,
    cause: 'The file is missing on the server, or its name is written differently (capitals count).',
    remedy: 'Upload it, or correct the link.',
    fixes: RULE,
  })),
  known('core.no-execcgi', 'cause', /^Options ExecCGI is off in this directory: (.+)/, ([path = '']) =>
    NO_EXECCGI(path),
  ),
  known(
    'core.bad-response-header',
    'cause',
    /^Response header name '(.*)' contains invalid characters/,
    ([name]) => ({
      summary: `The visitor got a 500: "${name}" cannot be the name of a header.`,
      cause: 'A header name consists of letters, digits and dashes, without blanks.',
      remedy: 'Correct the header in the program.',
    }),
  ),
  known('cgi.missing', 'cause', /^script not found or unable to stat: (.*)/, (_, { message }) =>
    cgiMissing(message),
  ),
  known(
    'core.symlink',
    'cause',
    /^Symbolic link not allowed or link target not accessible: /,
    (_, { message }) => noSymlink(message),
  ),
  known('core.cannot-reach', 'cause', /^access to .+ (?:denied|failed)/, (_, { message }) =>
    cannotReach(message),
  ),
  routine(
    'core.life',
    /^(?:caught SIG|resuming normal operations|Apache\/[\d.]+ .*configured|Command line: |Graceful restart requested|SIGHUP received|Server built|shutting down|child process \d+ still did not exit|.*(?:-- resuming normal operations))/,
    'The server was started, restarted or ended.',
  ),
];
