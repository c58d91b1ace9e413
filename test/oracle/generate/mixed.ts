import { bytesOf, byteStringOfText } from '../../../src/text/bytes';
import { generateQuestions } from '../regexGenerator';
import type { DirectiveToTry } from './directives';
import { Random } from './random';
import { VALUES } from './values';

/** What the texts are made of. */
export interface MixedMaterial {
  readonly directives: readonly DirectiveToTry[];
  /** Whole files. */
  readonly samples: readonly string[];
}

interface From {
  readonly plain: readonly DirectiveToTry[];
  readonly samples: readonly string[];
  readonly patterns: readonly string[];
}

/**
 * Texts in which everything meets everything: every directive inside every section, deep down, in macros, quoted and
 * continued in unusual ways; random patterns and expressions wherever Apache compiles one; samples spoiled in many places.
 * The same seed gives the same texts.
 */
export function mixedTexts(count: number, seed: number, material: MixedMaterial): Uint8Array[] {
  const random = new Random(seed * 9973 + 41);
  const from: From = {
    plain: material.directives.filter(({ name }) => !name.startsWith('<')),
    samples: material.samples.map(byteStringOfText),
    patterns: generateQuestions(seed, 400).map(({ pattern }) => byteStringOfText(pattern)),
  };
  return Array.from({ length: count }, () => {
    const text = random.weighted(KINDS).make(random, from);
    return bytesOf(random.chance(0.25) ? laidOut(random, text) : text);
  });
}

const KINDS: readonly { readonly weight: number; readonly make: (random: Random, from: From) => string }[] = [
  { weight: 5, make: (random, from) => nested(random, from, 0).join('\n') + '\n' },
  { weight: 4, make: (random, from) => requoted(random, line(random, from)) },
  { weight: 4, make: patternLine },
  { weight: 4, make: expressionLine },
  { weight: 2, make: macro },
  { weight: 2, make: optionLines },
  { weight: 3, make: spoiled },
];

function line(random: Random, from: From): string {
  const { name } = random.pick(from.plain);
  return `${name} ${VALUES[name]?.(random) ?? random.pick(['On', 'Off', 'x', 'x y', '"x y"', '', '1', '/x'])}`;
}

// ---- sections ----

// prettier-ignore
const TAGS: readonly string[] = [
  '<IfModule mod_rewrite.c>', '<IfModule !mod_none.c>', '<IfModule none>', '<IfDefine !NONE>', '<IfDefine NONE>', '<IfVersion >= 2.4>', '<IfVersion < 2>', '<IfFile />', '<IfDirective RewriteRule>', '<IfSection If>',
  '<Files "a*">', '<Files ~ "b$">', '<FilesMatch "^(c|d)">', '<If "true">', '<If "%{REQUEST_URI} =~ m#x#">', '<ElseIf "false">', '<Else>', '<Limit GET POST>', '<LimitExcept HEAD>', '<RequireAll>', '<RequireAny>', '<RequireNone>',
  '<Macro M $a>', '<LuaHookFixups x early>', '<Directory />', '<Location /x>', '<AuthnProviderAlias file x>', '<Proxy x>',
];

/** Mostly right nesting; some levels go deep with nothing else in them. */
function nested(random: Random, from: From, depth: number): string[] {
  if (depth > 40 || (depth > 0 && random.chance(0.3)))
    return random.times(1 + random.below(3), () => line(random, from));
  const open = random.pick(TAGS);
  const name = /^<(\w+)/.exec(open)?.[1] ?? '';
  const inside = random
    .times(random.chance(0.7) ? 1 : 1 + random.below(3), () => nested(random, from, depth + 1))
    .flat();
  const close = random.weighted([
    { weight: 40, text: [`</${name}>`] },
    { weight: 1, text: [] },
    { weight: 1, text: [`</${random.pick(['Files', 'If', 'IfModule', 'Limit', 'RequireAll'])}>`] },
    { weight: 1, text: [`</${name} >`] },
  ]).text;
  return [open, ...inside, ...close];
}

// ---- how a line is written ----

/** The same line (or nearly so) with other quotes, blanks, escapes and line ends. */
function requoted(random: Random, text: string): string {
  const words = text.split(/([ \t]+)/).map((word, at) => {
    if (at === 0 || word.trim() === '')
      return random.chance(0.1) && at > 0 ? random.pick(['\t', '  ', ' \\\n', '\\\n ']) : word;
    const bare = word.replaceAll(/^["']|["']$/g, '');
    return random.weighted([
      { weight: 8, text: word },
      { weight: 2, text: `"${bare}"` },
      { weight: 2, text: `'${bare}'` },
      { weight: 1, text: `"${bare}` },
      { weight: 1, text: `${bare}"` },
      { weight: 1, text: `"${bare}"${random.pick(['x', '"', "'", '\\'])}` },
      { weight: 1, text: `\\"${bare}\\"` },
      { weight: 1, text: `"${bare.replaceAll(/(?=.)/g, () => (random.chance(0.2) ? '\\' : ''))}"` },
      { weight: 1, text: `${bare.slice(0, 1)}\\\n${bare.slice(1)}` },
      { weight: 1, text: `\${${bare}}` },
      { weight: 1, text: `""` },
    ]).text;
  });
  return `${random.maybe(0.1, '"')}${words.join('')}${random.pick(['', '', '', '\n', ' \\', '\\\n', ' # x\n', ' "', "\t'"])}`;
}

/** Other line ends, blanks and bytes all over the text. */
function laidOut(random: Random, text: string): string {
  return random
    .weighted([
      { weight: 2, make: () => text.replaceAll('\n', '\r\n') },
      { weight: 2, make: () => text.replaceAll(/\n(?=.)/g, () => (random.chance(0.15) ? '\\\n' : '\n')) },
      { weight: 1, make: () => text.replaceAll(/\n/g, () => (random.chance(0.15) ? '\\\r\n' : '\n')) },
      { weight: 1, make: () => text.replaceAll(/^/gm, () => random.pick(['', ' ', '\t', '\v', '\f'])) },
      { weight: 1, make: () => text.replaceAll(/ /g, () => (random.chance(0.1) ? '\u00a0' : ' ')) },
      { weight: 1, make: () => `${text}${text}` },
      { weight: 1, make: () => text.replaceAll(/\w/g, (one) => (random.chance(0.02) ? '\0' : one)) },
      { weight: 1, make: () => text.replaceAll(/\w/g, (one) => (random.chance(0.03) ? '${PATH}' : one)) },
    ])
    .make();
}

// ---- patterns and expressions ----

/** Each takes a pattern as it may stand inside double quotes. */
const PATTERN_PLACES: readonly ((pattern: string) => string)[] = [
  (one) => `RewriteRule "${one}" /x`,
  (one) => `RewriteRule ${one} - [NC]`,
  (one) => `RewriteCond %{REQUEST_URI} "${one}"\nRewriteRule x y`,
  (one) => `RewriteCond %{REQUEST_URI} !${one} [NC,OR]\nRewriteRule x y`,
  (one) => `RedirectMatch 301 "${one}" /x`,
  (one) => `RedirectMatch ${one} http://x.test/`,
  (one) => `<FilesMatch "${one}">\nRequire all denied\n</FilesMatch>`,
  (one) => `<Files ~ "${one}">\n</Files>`,
  (one) => `SetEnvIf User-Agent "${one}" x`,
  (one) => `SetEnvIf "${one}" y x=$1`,
  (one) => `SetEnvIfNoCase Referer ${one} x`,
  (one) => `BrowserMatchNoCase "${one}" x`,
  (one) => `Header edit X "${one}" y`,
  (one) => `RequestHeader edit* X ${one} y env=z`,
  (one) => `Substitute "s|${one}|x|i"`,
  (one) => `Substitute s/${one}/x/`,
  (one) => `<If "%{REQUEST_URI} =~ /${one}/">\n</If>`,
  (one) => `<If "%{REQUEST_URI} !~ m#${one}#i">\n</If>`,
  (one) => `Require expr "%{HTTP_HOST} =~ m|${one}|"`,
  (one) => `RewriteCond expr "%{HTTP_HOST} =~ m!${one}!"\nRewriteRule x y`,
  (one) => `<IfVersion ~ "${one}">\n</IfVersion>`,
  (one) => `<IfVersion = /${one}/>\n</IfVersion>`,
  (one) => `AuthLDAPInitialBindPattern "${one}" x`,
  (one) => `ProxyFCGISetEnvIf "%{HTTP_HOST} =~ m#${one}#" x`,
];

function patternLine(random: Random, from: From): string {
  const pattern = random.pick(from.patterns);
  const shown = random.chance(0.5) ? pattern.replaceAll(/["\\]/g, String.raw`\$&`) : pattern;
  return `${random.pick(PATTERN_PLACES)(shown)}\n`;
}

// prettier-ignore
const ATOMS: readonly string[] = [
  '%{REQUEST_URI}', '%{HTTP_HOST}', '%{TIME}', '%{NONE}', '%{HTTPS}', '%{ENV:A}', '%{HTTP:X-Y}', '%{req:X}', '%{base64:a}', '%{tolower:%{HTTP_HOST}}', "'a'", "'a b'", "''", "'%{REQUEST_URI}x'", "'$1'", '$1', '%1', '1', '-1', '007', 'abc', 'a.b',
  "toupper('x')", "tolower(%{HTTP_HOST})", "file('/x')", "filesize('/x')", "unescape('%20')", "md5('x')", "sha1(%{REQUEST_URI})", "http('A')", "req('A')", "resp('A')", "reqenv('A')", "osenv('A')", "note('A')", "env('A')", "none('x')", "replace('a','b','c')", "base64('x')", "escape('a b')", "ldap('x')", "unbase64('eA==')", "split('x')", "join('x')", "{'a','b'}", "{ 'a' , 'b' }", '/x/', 'm#x#i', 's/a/b/', '%{:A:}', '%{%{A}}', '%{', "'", '"', '\\', '\u00e9',
];
// prettier-ignore
const INFIX: readonly string[] = ['==', '!=', '=', '<', '<=', '>', '>=', '=~', '!~', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', 'eq', 'ne', 'lt', 'in', '-in', '-ipmatch', '-strmatch', '-strcmatch', '-fnmatch', '-foo', '.', '&&', '||', 'and', 'or', ',', '===', '!', '|'];
// prettier-ignore
const UNARY: readonly string[] = ['!', '-n', '-z', '-d', '-f', '-s', '-L', '-h', '-x', '-F', '-U', '-A', '-R', '-T', '-e', '-q', '-', 'not', 'true', 'false', ''];

function expression(random: Random, depth = 0): string {
  const side = (): string =>
    depth < 4 && random.chance(0.25) ? `(${expression(random, depth + 1)})` : random.pick(ATOMS);
  const test = random.chance(0.3)
    ? `${random.pick(UNARY)}${random.maybe(0.7, ' ')}${side()}`
    : `${side()}${random.maybe(0.9, ' ')}${random.pick(INFIX)}${random.maybe(0.9, ' ')}${side()}`;
  return depth < 3 && random.chance(0.35)
    ? `${test} ${random.pick(['&&', '||', 'and', 'or', '&'])} ${expression(random, depth + 1)}`
    : test;
}

const EXPRESSION_PLACES: readonly ((text: string) => string)[] = [
  (one) => `<If "${one}">\nOptions +Indexes\n</If>`,
  (one) => `<If ${one}>\n</If>\n<ElseIf "${one}">\n</ElseIf>`,
  (one) => `Require expr ${one}`,
  (one) => `Require expr "${one}"`,
  (one) => `RewriteCond expr "${one}"\nRewriteRule x y`,
  (one) => `Header set X "expr=${one}"`,
  (one) => `Header set X y "expr=${one}"`,
  (one) => `RequestHeader add X expr=${one}`,
  (one) => `SetEnvIfExpr "${one}" a=$1`,
  (one) => `ErrorDocument 404 "${one}"`,
  (one) => `Redirect "${one}"`,
  (one) => `AuthName "${one}"`,
  (one) => `SetHandler "expr=${one}"`,
  (one) => `SetHandler "proxy:${one}"`,
  (one) => `ProxyFCGISetEnvIf "${one}" X "${one}"`,
  (one) => `CGIVar REQUEST_URI ${one}`,
  (one) => `SSLRequire ${one}`,
  (one) => `Require ${one}`,
  (one) => `FilterProvider a b "${one}"`,
  (one) => `AuthFormLoginRequiredLocation "${one}"`,
  (one) => `SessionMaxAge ${one}`,
];

function expressionLine(random: Random): string {
  const text = expression(random);
  const shown = random.chance(0.3) ? text.replaceAll(/["\\]/g, String.raw`\$&`) : text.replaceAll('"', '');
  return `${random.pick(EXPRESSION_PLACES)(shown)}\n`;
}

// ---- macros, options, spoiled files ----

function macro(random: Random, from: From): string {
  const parameters = random.pick([
    [],
    ['$a'],
    ['$a', '@b'],
    ['%c', '$a'],
    ['$a', '$ab'],
    ['x'],
    ['$a', '$a'],
  ]);
  const body = random.times(1 + random.below(3), () => {
    const text = line(random, from);
    return random.chance(0.6)
      ? text.replaceAll(/\w+(?=\s|$)/g, (word) => (random.chance(0.3) ? (parameters[0] ?? '$a') : word))
      : text;
  });
  const given = random.times(random.chance(0.8) ? parameters.length : random.below(4), () =>
    random.pick(['On', 'x', '"a b"', '""', '/x', '$a', '${PATH}', '<If']),
  );
  const uses = random.times(
    1 + random.below(2),
    () => `Use ${random.pick(['M', 'm', 'M', 'N'])} ${given.join(' ')}`,
  );
  const lines = [
    `<Macro M ${parameters.join(' ')}>`,
    ...body,
    '</Macro>',
    ...uses,
    random.pick(['UndefMacro M', 'UndefMacro N', '', 'Bogus']),
  ];
  return `${random.chance(0.1) ? lines.toReversed().join('\n') : lines.join('\n')}\n`;
}

// prettier-ignore
const OPTION_WORDS: readonly string[] = ['Indexes', 'Includes', 'IncludesNOEXEC', 'IncludesNoExec', 'FollowSymLinks', 'SymLinksIfOwnerMatch', 'ExecCGI', 'MultiViews', 'RunScripts', 'All', 'None', 'indexes', 'multiviews', 'Foo', '', '"Indexes"'];

function optionLines(random: Random): string {
  const words = (): string =>
    random
      .times(
        random.below(6),
        () => `${random.pick(['', '', '+', '-', '+', '-', '++'])}${random.pick(OPTION_WORDS)}`,
      )
      .join(' ');
  return random.times(1 + random.below(3), () => `Options ${words()}`).join('\n');
}

/** One or two samples with many small slips. */
function spoiled(random: Random, from: From): string {
  const text = random.chance(0.2)
    ? `${random.pick(from.samples)}\n${random.pick(from.samples)}`
    : random.pick(from.samples);
  const lines = text.split('\n');
  for (let left = random.below(12); left > 0; left--) {
    const at = random.below(lines.length);
    const old = lines[at] ?? '';
    const cut = random.below(old.length + 1);
    lines[at] = random.weighted([
      {
        weight: 2,
        text:
          old.slice(0, cut) +
          random.pick(['"', "'", '\\', ' ', '\t', '#', '$', '%{', '>', '<', '[', ',', '\\\n']) +
          old.slice(cut),
      },
      { weight: 2, text: requoted(random, old) },
      { weight: 1, text: old.replace(/\b\w+\b/, (word) => word.toLowerCase()) },
      { weight: 1, text: `${old} # x` },
      { weight: 1, text: `# ${old}\\` },
      { weight: 1, text: line(random, from) },
      { weight: 1, text: old.replaceAll(/\[([^\]]*)\]$/g, '[$1,X]') },
    ]).text;
  }
  return lines.join('\n');
}
