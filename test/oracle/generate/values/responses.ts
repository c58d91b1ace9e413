import type { Random } from '../random';
import { oneOf, someWords, word, words, type ValueMaker } from './words';

const STATUS = [
  'permanent',
  'temp',
  'seeother',
  'gone',
  'GONE',
  '301',
  '302',
  '307',
  '308',
  '404',
  '410',
  '403',
  '200',
  '303x',
  '600',
  '0',
  'moved',
  '3',
];
const FROM = [
  '/',
  '/old',
  '/project/old',
  '/project/',
  'old',
  '^/old/(.*)$',
  '/a b',
  '(',
  '[a-',
  '^/(?<n>x)$',
  '',
  '*',
  '%{REQUEST_URI}',
];
const TO = [
  '/',
  '/new',
  'http://www.example.test/new',
  'https://example.test/?a=b',
  'new',
  '/$1',
  'http://example.test/$1?x=$2',
  '//host/x',
  'mailto:a@example.test',
  '%{REQUEST_URI}',
  'https://%{HTTP_HOST}%{REQUEST_URI}',
  '%{NOTHING}',
  '',
  'http:',
  '"x"',
  '/a b',
];

const NAMES = [
  'User-Agent',
  'Host',
  'X-Test',
  'Request_URI',
  'REMOTE_ADDR',
  'remote_host',
  'Request_Method',
  'Request_Protocol',
  'Server_Addr',
  '^X-',
  'X.*',
  '(',
  'VAR',
  '[',
  '',
];
const PATTERNS = [
  '.*',
  '^/a',
  'abc',
  'a.c',
  'a\\.c',
  '(a)(b)?',
  '\\',
  'a\\',
  '[',
  '(',
  '^$',
  '',
  'x{2}',
  'x{',
  '\\d+',
  '*',
];
const VARIABLES = ['A=1', 'A', '!A', 'A=$1', 'B=x=y', '=x', 'C==', 'A=!', 'D="x y"', '"E=x y"', ''];
const EXPRESSIONS = [
  '%{REQUEST_URI} =~ m#^/(a)#',
  "-n req('X-Test')",
  'true',
  '%{',
  "%{NOTHING} == 'x'",
  "req('X') == 'a",
  "file('/etc/passwd') == ''",
  "%{HTTP_HOST} == 'x' && true",
  'a',
  '',
];

const HEADERS = [
  'X-Test',
  'Cache-Control',
  'Vary',
  'Content-Type',
  'Set-Cookie',
  'X-Test:',
  'X:y',
  '^X-',
  '(',
  '',
  'ETag',
];
const ACTIONS = [
  'set',
  'add',
  'append',
  'merge',
  'unset',
  'echo',
  'edit',
  'edit*',
  'setifempty',
  'note',
  'SET',
  'remove',
  '',
];
const HEADER_VALUES = [
  'a',
  'a b',
  '',
  '%{A}e',
  '%t',
  '%D',
  '%l',
  '%i',
  '%b',
  '%{HTTPS}s',
  '%{A',
  '%{A}',
  '%',
  '%%',
  '%x',
  '100%',
  'a%{A}e%t',
  'expr=%{REQUEST_URI}',
  'expr=%{req:Host}',
  'expr=%{',
  'expr=x',
  'expr=%{file:/etc/passwd}',
  '(a)(b)',
  '(',
  '\\n\\t\\x\\\\',
  'x%}y',
  '%{A}}}e',
];
const CLAUSES = [
  'env=A',
  'env=!A',
  'env=',
  'env=!',
  'ENV=A',
  'early',
  'EARLY',
  'expr=true',
  "expr=%{REQUEST_URI} == '/'",
  'expr=%{',
  "expr=req('X') -eq 1",
  "expr=-f '/x'",
  'x',
  'a=b',
];

const EXPIRY = [
  'A3600',
  'M0',
  'A',
  'M-5',
  'access plus 1 month',
  'access plus 1 year 2 months',
  'access 1 day',
  'now plus 5 minutes',
  'modification plus 2 weeks',
  'access plus',
  'access',
  'access plus 1',
  'access plus x days',
  'access plus 1 moon',
  'access plus 1 m',
  'access plus 1 fortnight',
  'plus 1 day',
  '3600',
  'n p 1 s',
  'Access plus 1 day',
  'access plus 1 month access plus 1 day',
  'modif 3 h',
  'access plus 99999999999 years',
  '',
  'ACCESS PLUS 1 DAY',
  'access plus -1 day',
];
const TYPES = [
  'text/html',
  'image/*',
  '*/*',
  'text/*',
  'text',
  'text/html; charset=x',
  '/',
  'x/',
  'application/javascript',
];

/** Arguments for the directives about redirects, variables, headers and times of expiry. */
export const RESPONSE_VALUES: Readonly<Record<string, ValueMaker>> = {
  Redirect: (random) =>
    random.chance(0.5)
      ? words(FROM, TO)(random)
      : someWords(1, STATUS, random.chance(0.3) ? TO : FROM, TO)(random),
  RedirectMatch: (random) =>
    random.chance(0.5) ? words(FROM, TO)(random) : someWords(2, STATUS, FROM, TO)(random),
  RedirectTemp: words(FROM, TO),
  RedirectPermanent: words(FROM, TO),
  SetEnvIf: someWords(2, NAMES, PATTERNS, VARIABLES, VARIABLES),
  SetEnvIfNoCase: someWords(2, NAMES, PATTERNS, VARIABLES, VARIABLES),
  SetEnvIfExpr: someWords(1, EXPRESSIONS, VARIABLES, VARIABLES),
  BrowserMatch: someWords(1, PATTERNS, VARIABLES, VARIABLES),
  BrowserMatchNoCase: someWords(1, PATTERNS, VARIABLES, VARIABLES),
  SetEnv: someWords(1, ['A', 'A=B', '', '=', 'A=', 'a-b'], ['1', '', 'x y', '$1', '${PATH}']),
  PassEnv: someWords(1, ['PATH', 'NOTHING', ''], ['PATH', 'B']),
  UnsetEnv: someWords(1, ['PATH', 'NOTHING', ''], ['PATH', 'B']),
  Header: (random) => {
    const condition = random.chance(0.3)
      ? `${random.pick(['always', 'onsuccess', 'Always', 'sometimes'])} `
      : '';
    return condition + header(random);
  },
  RequestHeader: header,
  ExpiresDefault: words(EXPIRY),
  ExpiresByType: words(TYPES, EXPIRY),
  ExpiresActive: oneOf('On', 'Off', 'on', 'yes', 'On Off'),
};

/** An action with as many arguments as it takes, more or less. */
function header(random: Random): string {
  const action = random.pick(ACTIONS);
  const tail = random.maybe(0.4, ` ${word(random, CLAUSES)}`);
  const start = `${word(random, [action])} ${word(random, HEADERS)}`;
  if (random.chance(0.1))
    return someWords(1, ACTIONS, HEADERS, HEADER_VALUES, HEADER_VALUES, CLAUSES, CLAUSES)(random);
  if (action === 'unset' || action === 'echo') return start + tail;
  if (!action.startsWith('edit')) return `${start} ${word(random, HEADER_VALUES)}${tail}`;
  return `${start} ${word(random, PATTERNS)} ${word(random, HEADER_VALUES)}${tail}`;
}
