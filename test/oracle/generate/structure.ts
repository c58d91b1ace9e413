import { bytesOf } from '../../../src/text/bytes';
import { luaText } from './lua';
import { Random } from './random';

/**
 * Texts about the reader itself: nesting and crossing of sections, macros, Lua, continued lines, variables, bytes that no
 * editor shows, and lines about as long as Apache takes. The same seed gives the same texts.
 */
export function structureTexts(count: number, seed: number): Uint8Array[] {
  const random = new Random(seed * 6151 + 3);
  return Array.from({ length: count }, () => {
    const text = random.weighted(KINDS).make(random);
    return bytesOf(random.chance(0.3) ? deformed(random, text) : text);
  });
}

const KINDS = [
  { weight: 5, make: (random: Random): string => block(random, 0).join('\n') + random.maybe(0.9, '\n') },
  { weight: 4, make: macroText },
  { weight: 2, make: variableText },
  { weight: 2, make: longText },
  { weight: 1, make: luaText },
  { weight: 1, make: methodText },
  { weight: 1, make: noise },
];

// prettier-ignore
const CONDITIONS: readonly string[] = [
  '<IfModule mod_rewrite.c>', '<IfModule !mod_rewrite.c>', '<IfModule rewrite_module>', '<IfModule none>', '<IfModule core.c>', '<IfModule "mod_dir.c" x>', '<IfModule ! mod_dir.c>',
  '<IfModule>', '<IfModule >', '<IfModule !>', '<IfModule mod_dir.c', '<ifmodule MOD_DIR.C>', '<IfModule core_module>', '<IfModule http_core.c>', '<IfModule mpm_prefork_module>',
  '<IfDefine HERE>', '<IfDefine !HERE>', '<IfDefine NAMED>', '<IfDefine named>', '<IfDefine NONE>', '<IfDefine !NONE>', '<IfDefine ${NAMED}>', '<IfDefine "HERE">',
  '<IfVersion 2.4>', '<IfVersion >= 2.4>', '<IfVersion >= 2.4.71>', '<IfVersion > 2.4.71 >', '<IfVersion < 2.4.72>', '<IfVersion = 2.4.71>', '<IfVersion 2.4.71>', '<IfVersion !> 3>', '<IfVersion ~ ^2\\.4>',
  '<IfVersion = /^2/>', '<IfVersion = /2>', '<IfVersion ~ (>', '<IfVersion >= x>', '<IfVersion => 2>', '<IfVersion 2>', '<IfVersion >', '<IfVersion >= 2.4.71.1>', '<IfVersion == 2.4.71>', '<IfVersion <= 2.>',
  '<IfVersion !2.4>', '<IfVersion ! 2.4>', '<IfVersion 2.4.71 2.4 2>', '<IfVersion >= 02.04>', '<IfVersion >= 2.4.a>', '<IfVersion >= .4>', '<IfVersion !~ x>', '<IfVersion ~ "">', '<IfVersion !=/x/>', '<IfVersion = "/x y/">',
  '<IfVersion >=2.4>', '<IfVersion >= "2.4">', '<IfVersion >= 2.4', '<IfVersion >= 4294967298>', '<IfVersion >= 2..4>', '<IfVersion >= 2.4. >', '<IfVersion >= -2>', '<IfVersion >= 2.4.71-dev>',
  '<IfFile />', '<IfFile /none>', '<IfFile !/none>', '<IfFile "/etc/passwd">', '<IfFile none>', '<IfFile /etc/../etc//passwd>',
  '<IfDirective RewriteRule>', '<IfDirective !rewriterule>', '<IfDirective Nothing>', '<IfDirective <Files>', '<IfDirective DocumentRoot>', '<IfSection Files>', '<IfSection !files>', '<IfSection <Files>', '<IfSection IfModule>', '<IfSection None>',
];

// prettier-ignore
const SECTIONS: readonly string[] = [
  '<Files x>', '<Files "*.html" >', '<Files ~ "\\.php$">', '<Files ~ (>', '<Files>', '<Files >', '<Files x', '<Files x> y', '<Files x y>', '<FilesMatch x>', '<FilesMatch (>', '<FilesMatch "^a$" b>', '<FilesMatch "">', '<Files "">', '<Files ..>', '<Files ~>',
  '<If true>', '<If "true">', '<If "%{REQUEST_URI} == \'/\'">', '<If "(">', '<If>', '<If true x>', '<If "-f \'/x\'">', '<ElseIf false>', '<ElseIf>', '<ElseIf "true" x>', '<Else>', '<Else x>', '<Else >', '<Else', '<If "true"', '<If "">', "<If ''>",
  '<Limit GET>', '<Limit POST PUT>', '<Limit get>', '<Limit TRACE>', '<Limit>', '<Limit GET', '<Limit GET HEAD>', '<LimitExcept GET>', '<LimitExcept TRACE>', '<LimitExcept POST GET>', '<LimitExcept>', '<Limit "">', '<Limit >',
  '<Directory />', '<Location />', '<VirtualHost *>', '<Proxy *>', '<Foo>', '<Foo x>', '<>', '<', '< Files x>', '<Files><', '<RequireAll>', '<RequireAny>',
];

// prettier-ignore
const LINES: readonly string[] = [
  'RewriteEngine On', 'RewriteEngine maybe', 'Options +Indexes', 'Options -Includes', 'Options All', 'Options None Indexes', 'Options +FollowSymLinks -MultiViews', 'Options SymLinksIfOwnerMatch', 'Options Nothing', 'Options', 'Options ExecCGI IncludesNoExec',
  'Bogus', '# comment', '# comment \\', '', '   ', '\t', 'ErrorDocument 404 /x', 'ErrorDocument 404', 'DirectoryIndex a b', 'DocumentRoot /', 'Redirect /a /b', 'AcceptPathInfo On', 'Error "stop"', 'Error', 'Define A b', 'Include x',
  'AddType a/b .c', 'AddType', 'SetHandler x', 'ForceType', 'FileETag MTIME', '>', '"Options" All', '"RewriteEngine" maybe', "'Bogus x' y", '""', '"" x', '</', '</>', '</ Files>', '\\', 'RewriteEngine "On', 'RewriteEngine\\', 'RewriteEngine \\ ',
  'LoadModule x y', 'AllowOverride All', 'LuaRoot /x', 'SetEnv A ${PATH}', 'rewriteENGINE on', 'RewriteRule ^ - [L] # x', 'Require all granted', 'Require all denied # x', 'KeepAlive On', 'Use', 'UndefMacro x',
];

function block(random: Random, depth: number): string[] {
  return random.times(1 + random.below(4), () => piece(random, depth)).flat();
}

function piece(random: Random, depth: number): string[] {
  if (depth > 5 || random.chance(0.5)) return [random.maybe(0.1, '  ') + random.pick(LINES)];
  const open = random.pick(random.chance(0.55) ? CONDITIONS : SECTIONS);
  return [open, ...(random.chance(0.85) ? block(random, depth + 1) : []), ...closing(random, open)];
}

function closing(random: Random, open: string): string[] {
  if (random.chance(0.06)) return [];
  const name = random.chance(0.95)
    ? (/^<\s*(\w*)/.exec(open)?.[1] ?? '')
    : random.pick(['IfModule', 'Files', 'If', '']);
  return [random.weighted(TAGS).make(name)];
}

const TAGS = [
  { weight: 60, make: (name: string) => `</${name}>` },
  { weight: 3, make: (name: string) => `  </${name.toLowerCase()}>` },
  { weight: 1, make: (name: string) => `</${name} >` },
  { weight: 1, make: (name: string) => `</${name}> # end` },
  { weight: 1, make: (name: string) => `</${name}` },
  { weight: 1, make: (name: string) => `"</${name}>"` },
  { weight: 1, make: (name: string) => `</${name}>x` },
];

// ---- macros ----

const PARAMETERS = ['$a', '$b', '%x', '@q', '$ab', 'plain', '${v}', '$(v)', '""', '$a', "'$s t'", '@@', '$'];
// prettier-ignore
const BODY: readonly string[] = [
  'Options $a', 'Options +Indexes', 'RewriteEngine $a', '  RewriteRule ^$a$ $b [L]', 'AuthName @q', 'SetEnv X @q', '# $a', '<Files $a>', '</Files>', '<IfModule $a>', '</IfModule>', 'Use two $b', 'Use one', 'Bogus $a', 'Options $ab',
  'ErrorDocument 404 @q', 'Options plain', 'SetEnv ${v} x', 'SetEnv $(v) x', 'RewriteEngine On \\ ', 'Options \\', '', 'UndefMacro one', '<If true>', '</If>', 'Use one $a', 'Redirect %x @q', '<Macro inner $a>', '</Macro>', '$a', '$a $b',
  'SetEnv A $a$a$b', 'SetEnv B "@q"', 'SetEnv $ x',
];
// prettier-ignore
const VALUES: readonly string[] = [
  'On', 'off', 'Indexes', '""', '"a b"', 'a\\"b', '"a\\"b"', '$a', '$b', '@q', 'x', '$ab', '@@', "'it''s'", 'x\\\\y', 'none', '"$a $b"', 'a#b', '#', '-', '\\',
];
const NAMES = ['one', 'One', 'two', 'Three', '$m', '"a b"', 'inner', '""', ''];
const MACRO_FLAGS = [
  '',
  '',
  '',
  '',
  '/IgnoreEmptyArgs ',
  '/ignorebadnesting ',
  '/Foo ',
  '/IgnoreEmptyArgs/Foo ',
];

function macroText(random: Random): string {
  const lines = random.times(1 + random.below(5), () => macroPiece(random)).flat();
  return lines.join('\n') + random.maybe(0.7, '\n');
}

function macroPiece(random: Random): string[] {
  const kind = random.below(10);
  if (kind < 4) return definition(random);
  if (kind < 8)
    return [
      `Use ${random.pick(NAMES)} ${random.times(random.below(4), () => random.pick(VALUES)).join(' ')}`,
    ];
  if (kind === 8)
    return [
      random.pick([
        'UndefMacro one',
        'UndefMacro TWO',
        'UndefMacro',
        'UndefMacro a b',
        'MacroIgnoreEmptyArgs',
        'Use',
        'MacroIgnoreBadNesting x',
      ]),
    ];
  return block(random, 4);
}

function definition(random: Random): string[] {
  const parameters = random.times(random.below(4), () => random.pick(PARAMETERS)).join(' ');
  const close = random.maybe(0.97, '>') + random.maybe(0.05, ' x') + random.maybe(0.05, ' # x');
  const body = random.times(random.below(5), () => random.pick(random.chance(0.85) ? BODY : LINES));
  const end = random.weighted([
    { weight: 30, make: () => ['</Macro>'] },
    { weight: 1, make: () => ['</macro> x'] },
    { weight: 1, make: () => ['  </Macro >'] },
    { weight: 1, make: () => [] },
    { weight: 1, make: () => ['</Macro'] },
  ]);
  return [
    `<Macro ${random.pick(NAMES)} ${random.pick(MACRO_FLAGS)}${parameters}${close}`,
    ...body,
    ...end.make(),
  ];
}

// ---- variables ----

// prettier-ignore
const VARIABLES: readonly string[] = [
  '${PATH}', '${NAMED}', '${named}', '${HERE}', '${NONE}', '${}', '${', '$', '$$', '${NAMED', '$${NAMED}', '${${NAMED}}', '${EMPTY}', '${ENVONLY}', '${a:b}', '${QUOTED}', '${WORDS}', '\\${NAMED}', '"${NAMED}"', "'${WORDS}'", '}', '${NAMED}${NAMED}', '${SECTION}', '${COMMENT}', '${BACK}',
];

function variableText(random: Random): string {
  const word = (): string =>
    random.pick([
      'Options',
      'Error',
      '<IfDefine',
      'RewriteRule',
      '<Files',
      '</Files>',
      'x',
      '>',
      '^a',
      ' ',
      ' ',
      ...VARIABLES,
      ...VARIABLES,
    ]);
  return random
    .times(1 + random.below(3), () =>
      random.times(1 + random.below(5), word).join(random.chance(0.7) ? ' ' : ''),
    )
    .join('\n');
}

// ---- methods ----

// prettier-ignore
const METHODS: readonly string[] = [
  'GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'PROPFIND', 'PROPPATCH', 'MKCOL', 'COPY', 'MOVE', 'LOCK', 'UNLOCK', 'VERSION-CONTROL', 'CHECKOUT', 'UNCHECKOUT', 'CHECKIN', 'UPDATE', 'LABEL', 'REPORT', 'MKWORKSPACE',
  'MKACTIVITY', 'BASELINE-CONTROL', 'MERGE', 'BIND', 'SEARCH', 'PRI', 'QUERY', 'get', 'FOO', 'INVALID', '"GET"', "'P'", 'ACL', 'UNBIND', 'REBIND', 'BREW', 'WHEN', '',
];

function methodText(random: Random): string {
  const limit = (): string => random.pick(['Limit', 'LimitExcept']);
  const open = (name: string): string =>
    `<${name} ${random.times(1 + random.below(3), () => random.pick(METHODS)).join(' ')}>`;
  const outer = limit();
  const inner = limit();
  if (random.chance(0.4)) return `${open(outer)}\n${random.pick(LINES)}\n</${outer}>\n`;
  return `${open(outer)}\n${open(inner)}\nRequire all granted\n</${inner}>\n</${outer}>\n`;
}

// ---- long lines and bytes ----

const EDGES = [207, 208, 415, 831, 1663, 8135, 8190, 8191, 8192, 8193, 16327];

function longText(random: Random): string {
  const target = random.pick(EDGES) - 4 + random.below(8);
  const start = random.pick([
    '# ',
    'Options ',
    'SetEnv A ',
    '<Files ',
    '<IfModule none>\n',
    '<Macro m>\n',
    '<Macro m $a>\nSetEnv A ',
    '',
  ]);
  const fill = random.pick(['x', 'x ', ' ', 'y\\\n', '\\\n', 'z\0', 'é', '$a']);
  const first = start.slice(start.lastIndexOf('\n') + 1).length;
  let text = start + fill.repeat(Math.max(0, Math.ceil((target - first) / fill.length)));
  if (random.chance(0.3))
    text = `${text.slice(0, -1 - random.below(300))}\0${text.slice(-random.below(200))}`;
  const end = random.pick([
    '\n',
    '\r\n',
    '',
    '\\\n',
    '\\\r\n',
    '\\\n\n',
    '\nBogus\n',
    '\\\nBogus\n',
    '>\n</Files>\n',
    '\n</Macro>\nUse m x\nBogus',
    '\n</Macro>\nUse m \n# \n',
    '\n</IfModule>\nBogus\n',
  ]);
  const width = random.pick([random.below(9000), 8120 + random.below(80)]);
  const before = random.maybe(0.3, `# ${'w'.repeat(width)}\n`);
  return before + text + end + random.maybe(0.3, 'RewriteEngine maybe');
}

function noise(random: Random): string {
  const byte = (): string =>
    random.pick([
      '\0',
      '\r',
      '\n',
      '\\\n',
      '\\\r\n',
      '\\',
      '<',
      '>',
      '/',
      '"',
      "'",
      ' ',
      '\t',
      '\v',
      '\f',
      '#',
      '${',
      '}',
      'If',
      'Files',
      'Options',
      'x',
      '\u00ef\u00bb\u00bf',
      '\u00a0',
      '\u0085',
      '\u001a',
    ]);
  return random.times(random.below(24), byte).join('');
}

const DEFORMATIONS: readonly ((random: Random, text: string) => string)[] = [
  (_random, text) => text.replaceAll('\n', '\r\n'),
  (_random, text) => text.replaceAll('\n', '\r'),
  (_random, text) => `\u00ef\u00bb\u00bf${text}`,
  (random, text) => insert(text, random.below(text.length + 1), '\0'),
  (random, text) => insert(text, random.below(text.length + 1), '\r'),
  (random, text) => insert(text, random.below(text.length + 1), '\\\n'),
  (random, text) => insert(text, random.below(text.length + 1), '\\'),
  (random, text) =>
    insert(text, random.below(text.length + 1), random.pick(['\u00a0', '\v', '\f', '"', '<', '>', '\u00ff'])),
  (random, text) => {
    const letter = random.pick(['\u00c3\u0089', '\u00c9', '\u00df']);
    return text.replaceAll(/[A-Za-z]/g, (known) => (random.chance(0.05) ? letter : known));
  },
  (random, text) =>
    text.replaceAll('\n', () => random.pick(['\n', '\n', '\n', '\\\n', ' \\\n', '\r\n', '\\\r\n', '\n\n'])),
  (random, text) => text.replaceAll(' ', () => random.pick([' ', ' ', '\t', '  ', '\\\n ', '\v'])),
  (random, text) => text.slice(0, random.below(text.length + 1)),
];

function deformed(random: Random, text: string): string {
  return random.pick(DEFORMATIONS)(random, text);
}

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}
