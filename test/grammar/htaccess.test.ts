import * as fc from 'fast-check';
import type { IGrammar } from 'vscode-textmate';
import { beforeAll, describe, expect, test } from 'vitest';
import { endsClean, loadHtaccessGrammar, tokenLines } from './tokens';

let grammar: IGrammar;

beforeAll(async () => {
  grammar = await loadHtaccessGrammar();
});

/** What begins a line that the grammar knows by itself. */
// prettier-ignore
const STARTS = [
  '', '#', '<If ', '<FilesMatch ', '<Files ~ ', '<IfModule ', 'RewriteRule a ', 'RewriteRule a b [', 'RewriteCond ', 'RewriteCond a b [',
  'RewriteCond expr ', 'Header edit ', 'Header set A ', 'RedirectMatch ', 'SetEnvIf A ', 'SetEnvIfExpr ', 'BrowserMatch ', 'AliasMatch ', 'X ',
];
// prettier-ignore
const PIECES = [
  ' ', '"', "'", '\\', '\\ ', '[', ']', '(', '(?#', '(?<a>', ')', '{', '}', '<', '>', '^', '$', '${', '${a:', '%{', '%{ENV:', '#', '=', '=~ /', 'm#',
  '!', '/', '|', ',', 'a', 'L', 'E=', '-f', '+', '*', '\t',
];

/** `text -> innermost scopes` of every piece that has a scope of its own; blanks and what only lies inside a directive are left out. */
function coloured(text: string): string[] {
  return tokenLines(grammar, text)
    .flat()
    .map((token) => ({ text: token.text, scope: token.scopes.at(-1) ?? '' }))
    .filter(({ text: piece, scope }) => piece.trim() !== '' && !scope.startsWith('meta.directive'))
    .map(({ text: piece, scope }) => `${piece} -> ${scope}`);
}

/** The scopes, outermost first, of the first piece with this text. */
function scopesOf(text: string, piece: string): readonly string[] {
  const found = tokenLines(grammar, text)
    .flat()
    .find((token) => token.text === piece);
  return found?.scopes ?? [`no token ${piece}`];
}

describe('lines', () => {
  test('# begins a comment only where a line begins', () => {
    expect(coloured('  # Options')).toEqual([
      '# -> punctuation.definition.comment',
      ' Options -> comment.line.number-sign',
    ]);
    expect(scopesOf('Options None # no comment', '#')).toContain('string.unquoted');
  });

  test('a comment that ends in a backslash swallows the next line, and only that one', () => {
    const text = '# off \\\nOptions None\nOptions All';
    expect(scopesOf(text, 'Options None')).toEqual(['comment.line.number-sign']);
    expect(scopesOf(text, 'All')).toContain('constant.language');
  });

  test('a directive goes on after a backslash, also into a line that looks like a comment', () => {
    const text = 'RewriteRule ^a$ \\\n  # \\\n  [L]\nOptions None';
    expect(scopesOf(text, '#')).toContain('string.unquoted');
    expect(scopesOf(text, 'L')).toContain('entity.other.attribute-name.flag');
    expect(scopesOf(text, 'Options')).toEqual(['meta.directive', 'keyword.other.directive']);
  });

  test('directives are recognised in any case and indentation', () => {
    expect(coloured('\t rewriteENGINE on')).toEqual([
      'rewriteENGINE -> keyword.other.directive',
      'on -> constant.language',
    ]);
  });
});

describe('sections', () => {
  test('opening and closing', () => {
    expect(coloured('<IfModule mod_rewrite.c>\n</IfModule>')).toEqual([
      '< -> punctuation.definition.tag.begin',
      'IfModule -> entity.name.tag.section',
      'mod_rewrite.c -> entity.name.type.module',
      '> -> punctuation.definition.tag.end',
      '</ -> punctuation.definition.tag.begin',
      'IfModule -> entity.name.tag.section',
      '> -> punctuation.definition.tag.end',
    ]);
  });

  test('FilesMatch and Files ~ take a pattern, Files does not', () => {
    expect(scopesOf('<FilesMatch "^(a|b)$">', '|')).toContain('keyword.operator.or.regexp');
    expect(scopesOf('<Files ~ "^(a|b)$">', '|')).toContain('keyword.operator.or.regexp');
    expect(scopesOf('<Files "a|b">', 'a|b')).toContain('string.quoted.double');
  });

  test('a > inside a pattern does not end the section', () => {
    expect(scopesOf('<FilesMatch (?>a)b>', 'b')).toContain('string.regexp');
  });

  test('an expression has variables, operators, functions and patterns', () => {
    const text = `<If "%{HTTP_HOST} =~ m#^www\\.# && -f '/x' || tolower(%{QUERY_STRING}) == 'a'">`;
    expect(scopesOf(text, 'HTTP_HOST')).toContain('variable.other.server');
    expect(scopesOf(text, '\\.')).toContain('constant.character.escape.regexp');
    expect(scopesOf(text, '-f')).toContain('keyword.operator.test');
    expect(scopesOf(text, '/x')).toContain('string.quoted.single');
    expect(scopesOf(text, 'tolower')).toContain('support.function');
  });
});

describe('mod_rewrite', () => {
  test('a whole rule', () => {
    expect(coloured('RewriteRule !^([a-z]+)/?$ /i.php?x=$1&y=%2 [R=301,NC,E=a:${B}]')).toEqual([
      'RewriteRule -> keyword.other.directive',
      '! -> keyword.operator.negation',
      '^ -> keyword.control.anchor.regexp',
      '( -> keyword.operator.group.regexp',
      '[ -> punctuation.definition.character-class.regexp',
      'a-z -> constant.other.character-class.range.regexp',
      '] -> punctuation.definition.character-class.regexp',
      '+ -> keyword.operator.quantifier.regexp',
      ') -> keyword.operator.group.regexp',
      '/ -> string.regexp',
      '? -> keyword.operator.quantifier.regexp',
      '$ -> keyword.control.anchor.regexp',
      '/i.php?x= -> string.unquoted',
      '$1 -> variable.parameter.backreference',
      '&y= -> string.unquoted',
      '%2 -> variable.parameter.backreference',
      '[ -> punctuation.section.brackets.begin',
      'R -> entity.other.attribute-name.flag',
      '= -> keyword.operator.assignment',
      '301 -> constant.numeric.status',
      ', -> punctuation.separator.comma',
      'NC -> entity.other.attribute-name.flag',
      ', -> punctuation.separator.comma',
      'E -> entity.other.attribute-name.flag',
      '= -> keyword.operator.assignment',
      'a: -> string.unquoted',
      '${ -> punctuation.definition.variable.begin',
      'B -> variable.other.define',
      '} -> punctuation.definition.variable.end',
      '] -> punctuation.section.brackets.end',
    ]);
  });

  test('quoted arguments end at their quote, escaped blanks do not end unquoted ones', () => {
    expect(scopesOf('RewriteRule "^a b$" "/c d" [L]', '/c d')).toContain('string.quoted.double');
    expect(scopesOf('RewriteRule ^a\\ b$ - [F]', '-')).toEqual([
      'meta.directive',
      'constant.language.no-substitution',
    ]);
  });

  test('conditions: tests, comparisons, patterns, expressions', () => {
    expect(scopesOf('RewriteCond %{REQUEST_FILENAME} !-f', '-f')).toContain('keyword.operator.test');
    expect(scopesOf('RewriteCond %{HTTPS} =on [NC]', '=')).toContain('keyword.operator.comparison');
    expect(scopesOf('RewriteCond %{HTTPS} =on [NC]', 'NC')).toContain('entity.other.attribute-name.flag');
    expect(scopesOf('RewriteCond %{ENV:a} ^b+ [OR]', '+')).toContain('keyword.operator.quantifier.regexp');
    expect(scopesOf('RewriteCond %{HTTP:X-A} b', 'HTTP:')).toContain('keyword.control.lookup');
    expect(scopesOf('RewriteCond expr "%{A} -eq 3" [OR]', '-eq')).toContain('keyword.operator.test');
    expect(scopesOf('RewriteCond expr "%{A} -eq 3" [OR]', 'OR')).toContain(
      'entity.other.attribute-name.flag',
    );
  });

  test('a map is looked up', () => {
    expect(scopesOf('RewriteRule . ${names:$1|none}', 'names')).toContain('entity.name.function.map');
  });
});

describe('other directives', () => {
  test.each([
    ['RedirectMatch 301 ^/a(.*)$ /b$1', '301', 'constant.numeric.status'],
    ['RedirectMatch 301 ^/a(.*)$ /b$1', '*', 'keyword.operator.quantifier.regexp'],
    ['RedirectMatch ^/a$ /b', '^', 'keyword.control.anchor.regexp'],
    ['Redirect permanent /a /b', 'permanent', 'constant.language'],
    ['SetEnvIf User-Agent ^Moz+ a=1', 'User-Agent', 'variable.other.attribute'],
    ['SetEnvIf User-Agent ^Moz+ a=1', '+', 'keyword.operator.quantifier.regexp'],
    ['BrowserMatch MSIE.* !b', '!', 'keyword.operator.negation'],
    ['Header always set X-Frame-Options "DENY"', 'always', 'storage.modifier'],
    ['Header always set X-Frame-Options "DENY"', 'DENY', 'string.quoted.double'],
    ['Header edit Set-Cookie ^(.*)$ $1;Secure', '$1', 'variable.parameter.backreference'],
    ['Options +ExecCGI -Indexes', 'ExecCGI', 'support.constant.option'],
    ['AddType font/woff2 .woff2', 'font/woff2', 'support.constant.media-type'],
    ['ErrorDocument 404 /404.html', '404', 'constant.numeric.status'],
    ['Require all granted', 'granted', 'constant.language'],
    ['SetEnv HOME ${SITE_HOME}', 'SITE_HOME', 'variable.other.define'],
  ])('%s: %s is %s', (line, piece, scope) => {
    expect(scopesOf(line, piece)).toContain(scope);
  });
});

describe('nothing runs on', () => {
  test.each([
    'ErrorDocument 404 "not found',
    'RewriteRule ^[a - [F]',
    'RewriteRule "^a',
    'RewriteRule ^(a b [L',
    "Header set A 'b",
    '<FilesMatch "a',
    '<If "%{A} =~ /b">',
    '<IfModule',
    'RewriteRule . ${map:$1',
    'SetEnv A %{B',
  ])('%s', (line) => {
    expect(scopesOf(`${line}\nOptions None`, 'Options')).toEqual([
      'meta.directive',
      'keyword.other.directive',
    ]);
  });

  test('past the end of any logical line', () => {
    const start = fc.constantFrom(...STARTS);
    const rest = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 });
    const property = fc.property(start, rest, (first, pieces) => {
      const line = first + pieces.join('');
      fc.pre(!line.endsWith('\\'));
      return endsClean(grammar, line);
    });
    fc.assert(property, { numRuns: 3000 });
  });

  test('a line that ends in a backslash does go on', () => {
    expect(endsClean(grammar, 'RewriteRule ^a$ \\')).toBe(false);
  });
});
