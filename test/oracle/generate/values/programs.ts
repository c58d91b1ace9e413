import type { Random } from '../random';
import type { ValueMaker } from './index';

/** A maker that joins one alternative of each list; an empty alternative leaves its place out. */
function words(...lists: readonly (readonly string[])[]): ValueMaker {
  return (random: Random) =>
    lists
      .map((list) => random.pick(list))
      .filter((word) => word !== '')
      .join(' ');
}

// prettier-ignore
const PROGRAMS = [
  '/bin/sh', '/usr/bin/env', '/etc/passwd', '/', '/etc', '/none', '/etc/passwd/x', '/none/x', '"/bin/sh -c x"', '"/bin/sh"', "'/none x'", '"\\"/bin/sh\\" x"', '"  /bin/sh"', '" "', '"\'\' x"', 'none', './x', '/bin/../bin/sh', '//bin//sh',
  '/bin/sh/', '/etc/', '/none/', '"/bin/s\\h"', '"/bin/sh\\ x"', `/${'a'.repeat(256)}`, `/${'a'.repeat(255)}`, `/${'a/'.repeat(2060)}`, `"/bin/sh ${'x'.repeat(510)}"`, `"/bin/${'../bin/'.repeat(40)}sh"`, '"/bin/sh', '"/etc/pass\'wd"', '"\'/bin/sh\'x"', '\\/bin/sh',
];

const INDEX_NAMES = ['FancyIndexing', 'FoldersFirst', 'HTMLTable', 'XHTML', 'IgnoreCase', 'SuppressIcon', 'versionsort', 'None', 'IconWidth', 'IconHeight', 'NameWidth', 'DescriptionWidth', 'IconWidth=20', 'IconHeight=x', 'NameWidth=*', 'NameWidth=4', 'NameWidth=5', 'NameWidth=0', 'NameWidth=-3', 'DescriptionWidth=11', 'DescriptionWidth=12', 'DescriptionWidth=*', 'DescriptionWidth=', 'Type=text/html', 'Charset=utf-8', 'Type', 'UseOldDateFormat', 'ShowForbidden', 'AddAltClass', 'Nothing', 'IconWidth=4294967297', 'NameWidth=4294967299']; // prettier-ignore

const indexOptions: ValueMaker = (random) =>
  random
    .times(1 + random.below(4), () => random.pick(['', '', '+', '-']) + random.pick(INDEX_NAMES))
    .join(' ');

const icon = words(
  ['/icons/a.gif', '(ALT,/icons/a.gif)', '(ALT', '"(a b,/x)"', '(ALT)', '(', ')', '"(a,b"'],
  ['.gif', '*.html', '^^DIRECTORY^^', '**DIRECTORY**', 'text/*', 'x-gzip'],
);

const hookFile = words(
  ['/x.lua', 'x.lua', '"a b"'],
  ['handle', 'x'],
  ['', '', 'early', 'late', 'LATE', 'never'],
);
const hookSection = words(['', 'name', '"a b"'], ['', '', 'early', 'Late', 'never'], ['', '', 'x']);

// prettier-ignore
const LUA_HOOKS = ['PreTranslateName', 'TranslateName', 'Fixups', 'MapToStorage', 'CheckUserID', 'TypeChecker', 'AccessChecker', 'AuthChecker', 'InsertFilter', 'Log'];

// prettier-ignore
const CONDITIONS = ['true', '"%{REQUEST_URI} =~ /x/"', '"reqenv(\'A\') == \'b\'"', '"("', 'x', '"true && false"', '"%{NOTHING} == \'\'"', "\"file('/x') == ''\"", '""'];

/** Makers for directives about FastCGI programs, Lua, listings, proxies, and core's own. */
export const PROGRAM_VALUES: Readonly<Record<string, ValueMaker>> = {
  FcgidWrapper: words(
    PROGRAMS,
    ['', '.php', '.fcgi', '.', 'php', '.a/b', '.a\\b', 'virtual', '""'],
    ['', '', 'virtual', 'Virtual', 'other'],
  ),
  FCGIWrapper: words(PROGRAMS, ['', '.php', 'virtual'], ['', 'virtual']),
  ...Object.fromEntries(
    [
      'FcgidAccessChecker',
      'FcgidAuthenticator',
      'FcgidAuthorizer',
      'FastCgiAccessChecker',
      'FastCgiAuthenticator',
      'FastCgiAuthorizer',
    ].map((name) => [name, words(PROGRAMS)]),
  ),
  ...Object.fromEntries(LUA_HOOKS.map((name) => [`LuaHook${name}`, hookFile])),
  ...Object.fromEntries(LUA_HOOKS.slice(0, 8).map((name) => [`<LuaHook${name}`, hookSection])),
  '<LuaQuickHandler': hookSection,
  LuaScope: words(['once', 'request', 'conn', 'thread', 'server', 'Once', 'x'], ['', '1', 'x'], ['', '2']),
  LuaInherit: words(['none', 'parent-first', 'Parent-Last', 'x', '""']),
  LuaCodeCache: words(['stat', 'FOREVER', 'never', 'x']),
  IndexOptions: indexOptions,
  IndexOrderDefault: words(
    ['Ascending', 'descending', 'x', 'Name'],
    ['Name', 'date', 'Size', 'Description', 'LastModified', 'x'],
    ['', '', '', 'x'],
  ),
  AddIcon: icon,
  AddIconByType: icon,
  AddIconByEncoding: icon,
  AddAlt: words(['"a text"', 'TXT'], ['*.gif', '**DIRECTORY**'], ['', '.html']),
  ProxyFCGIBackendType: words(['Generic', 'FPM', 'fpm', 'GENERIC', 'php', '""']),
  ProxyFCGISetEnvIf: words(
    CONDITIONS,
    ['NAME', '!NAME', '!', '""', 'A=b'],
    ['', 'value', '"%{REQUEST_URI}"', '"%{"', '""', '"a\'b"', '"%{NOTHING}"'],
  ),
  Options: (random) =>
    random
      .times(
        random.below(4),
        () =>
          random.pick(['', '', '+', '-']) +
          random.pick([
            'Indexes',
            'FollowSymLinks',
            'All',
            'None',
            'ExecCGI',
            'includes',
            'IncludesNOEXEC',
            'SymLinksIfOwnerMatch',
            'MultiViews',
            'RunScripts',
            'x',
            '',
          ]),
      )
      .join(' '),
  ErrorDocument: words(
    ['404', '403', '401', '500', '200', '299', '404x', 'x', '418', '0404', '-404'],
    [
      '/x',
      '"a text"',
      'http://a/',
      'default',
      '"http://a b"',
      'Default',
      '"%{REQUEST_URI}"',
      '"/x%{"',
      '"\'"',
      'a:b',
      '"a"b',
      '""',
      '"a" b',
      '/%{NOTHING}',
      'mailto:x',
      '"text %{escape:%{REQUEST_URI}}"',
    ],
  ),
  FileETag: (random) =>
    random
      .times(
        random.below(4),
        () =>
          random.pick(['', '', '+', '-']) +
          random.pick(['None', 'All', 'MTime', 'size', 'INode', 'Digest', 'LMTime', 'LastModified', 'x', '']),
      )
      .join(' '),
  AcceptPathInfo: words(['On', 'off', 'DEFAULT', 'x', '""', 'yes']),
  LimitRequestBody: words([
    '0',
    '1024',
    '-1',
    '1M',
    '9223372036854775807',
    '9223372036854775808',
    '-9223372036854775809',
    '+5',
    ' 5',
    '"5 "',
    'x',
    '0x10',
    '18446744073709551616',
  ]),
  LimitXMLRequestBody: words([
    '0',
    '1024',
    '-1',
    '1M',
    '9223372036854775807',
    '9223372036854775808',
    '3074457345618258601',
    '3074457345618258602',
    '3074457345618258600',
    'x',
    '-9223372036854775809',
    '18446744073709551615',
  ]),
  RLimitCPU: words(['max', '10', '-1', 'x', '10x', '"1 2"'], ['', 'max', '20', 'x']),
  RLimitMEM: words(['max', '10', '-1', 'x'], ['', 'max', '20', 'x']),
  RLimitNPROC: words(['max', '10', '-1', 'x'], ['', 'max', '20', 'x']),
  CGIVar: words(['REQUEST_URI', 'request_uri', 'x'], ['current-uri', 'ORIGINAL-URI', 'x']),
  Error: words(['', '"a text"', "'a'", 'a b', '"a', 'a"', '"', '""', '"a" "b"', '\'a"']),
  SetHandler: words([
    'x',
    'none',
    '"%{REQUEST_URI}"',
    '"proxy:unix:/x|fcgi://y"',
    '"%{"',
    '"a b"',
    '""',
    '"%{NOTHING}"',
    '"a\'b"',
    '"%{escape:x}"',
    '"a\\\\"x',
  ]),
  ForceType: words(['text/html', 'NONE', 'x', '"a b"', '"text/html; charset=x"']),
  ServerSignature: words(['On', 'off', 'EMail', 'x']),
  EnableMMAP: words(['On', 'off', 'x', '1']),
  EnableSendfile: words(['On', 'off', 'x', '1']),
  AddDefaultCharset: words(['On', 'off', 'utf-8', '"a b"', '""']),
  DefaultType: words(['none', 'OFF', 'text/html']),
};
