import { describe, expect, test } from 'vitest';
import { definition, documentLinks, references } from '../../src/language';
import { withRanges } from './marked';
import { TextSite } from './site';

const FILES = { '404.html': '', 'dispatch.fcgi': '', 'a/page.html': '', 'a/.htpasswd': '' };

/** Where the definition at the `|` leads. */
function defined(texts: Readonly<Record<string, string>>): Record<string, string> {
  const site = new TextSite({ ...FILES, ...texts });
  return site.shown(definition(site.map, site.position));
}

function referred(texts: Readonly<Record<string, string>>, withDeclaration = true): Record<string, string> {
  const site = new TextSite({ ...FILES, ...texts });
  return site.shown(references(site.map, site.position, withDeclaration));
}

describe('files that directives name', () => {
  test.each([
    ['ErrorDocument 404 /4|04.html', '404.html'],
    ['ErrorDocument 404 "/a/|page.html?x=1"', 'a/page.html'],
    ['RewriteRule ^(.*)$ dis|patch.fcgi [QSA,L]', 'dispatch.fcgi'],
    ['RewriteRule ^ /dis|patch.fcgi [L]', 'dispatch.fcgi'],
    ['FallbackResource /dis|patch.fcgi', 'dispatch.fcgi'],
    ['DirectoryIndex none.html 40|4.html', '404.html'],
    ['AuthUserFile /site/a/.ht|passwd', 'a/.htpasswd'],
    ['FcgidWrapper /site/dis|patch.fcgi .x', 'dispatch.fcgi'],
    ['<Files dis|patch.fcgi>', 'dispatch.fcgi'],
    ['RewriteCond %{DOCUMENT_ROOT}/4|04.html -f', '404.html'],
    ['Redirect 301 /x /40|4.html', '404.html'],
    ['RewriteRule a a/../a/./pa|ge.html', 'a/page.html'],
  ])('%s', (text, path) => expect(Object.keys(defined({ '.htaccess': text }))).toEqual([path]));

  test.each([
    'ErrorDocument 404 /no|ne.html',
    'ErrorDocument 404 "Gon|e"',
    'ErrorDocument 404 https://example.com/4|04.html',
    'RewriteRule a /$1/4|04.html',
    'RewriteRule a -|',
    '<Files *.ht|ml>',
    'FallbackResource dis|abled',
    '# 40|4.html',
    'RewriteRule a ../../../../4|04.html',
  ])('none: %s', (text) => expect(defined({ '.htaccess': text })).toEqual({}));

  test('from the folder of the .htaccess', () => {
    expect(Object.keys(defined({ 'a/.htaccess': 'RewriteRule a pa|ge.html' }))).toEqual(['a/page.html']);
    expect(Object.keys(defined({ 'a/.htaccess': 'ErrorDocument 404 /40|4.html' }))).toEqual(['404.html']);
  });

  test('are links where they are there', () => {
    const site = new TextSite({
      ...FILES,
      '.htaccess':
        'ErrorDocument 404 "/404.html"\nErrorDocument 403 /none.html\nRewriteRule a a/page.html?x [L]\n',
    });
    const links = documentLinks(site.map);
    expect(
      withRanges(
        site.map.document,
        links.map(({ range }) => range),
      ),
    ).toBe(
      'ErrorDocument 404 "«/404.html»"\nErrorDocument 403 /none.html\nRewriteRule a «a/page.html»?x [L]\n',
    );
    expect(links.map(({ target }) => target)).toEqual(['404.html', 'a/page.html']);
  });

  test('references: all lines of the site that name it', () => {
    expect(
      referred({
        '.htaccess': 'ErrorDocument 404 /a/pa|ge.html\nRewriteRule x a/page.html',
        'a/.htaccess': 'DirectoryIndex page.html',
        'b/.htaccess': 'DirectoryIndex page.html',
      }),
    ).toEqual({
      '.htaccess': 'ErrorDocument 404 «/a/page.html»\nRewriteRule x «a/page.html»',
      'a/.htaccess': 'DirectoryIndex «page.html»',
    });
  });
});

describe('environment variables', () => {
  const CHAIN = {
    '.htaccess': 'SetEnvIf Host a A=1',
    'a/.htaccess': 'Require env |A',
    'a/b/.htaccess': 'RewriteRule x y [E=REDIRECT_A:2]',
    'c/.htaccess': 'Header set X %{a}e',
  };

  test('definition: where it is set, in every folder that sees it', () => {
    expect(defined(CHAIN)).toEqual({
      '.htaccess': 'SetEnvIf Host a «A»=1',
      'a/b/.htaccess': 'RewriteRule x y [E=REDIRECT_«A»:2]',
    });
  });

  test('references', () => {
    expect(referred(CHAIN)).toEqual({
      '.htaccess': 'SetEnvIf Host a «A»=1',
      'a/.htaccess': 'Require env «A»',
      'a/b/.htaccess': 'RewriteRule x y [E=REDIRECT_«A»:2]',
      'c/.htaccess': 'Header set X %{«a»}e',
    });
    expect(Object.keys(referred(CHAIN, false))).toEqual(['a/.htaccess', 'c/.htaccess']);
  });

  test('variables of the same name in folders side by side are two', () => {
    expect(referred({ 'a/.htaccess': 'SetEnv A| 1', 'b/.htaccess': 'SetEnv A 2' })).toEqual({
      'a/.htaccess': 'SetEnv «A» 1',
    });
  });

  test('an attribute of SetEnvIf is a variable where one is set', () => {
    expect(defined({ '.htaccess': 'SetEnvIf B a A\nSetEnvIf A| . C' })).toEqual({
      '.htaccess': 'SetEnvIf B a «A»\nSetEnvIf A . C',
    });
    expect(defined({ '.htaccess': 'SetEnvIf Ho|st . C' })).toEqual({});
  });
});

describe('groups and tags', () => {
  test('$1 leads to its group, a closing tag to its opening one', () => {
    expect(defined({ '.htaccess': 'RewriteRule ^(a)$ /$|1' })).toEqual({
      '.htaccess': 'RewriteRule ^«(a)»$ /$1',
    });
    expect(defined({ '.htaccess': '<If a>\n</I|f>' })).toEqual({ '.htaccess': '«<If» a>\n</If>' });
    expect(referred({ '.htaccess': 'RewriteRule ^(a|)$ /$1' })).toEqual({
      '.htaccess': 'RewriteRule ^«(a)»$ /«$1»',
    });
  });
});

describe('what a folder below puts out of force', () => {
  const PARENT =
    '<IfModule mod_rewrite.c>\nRewriteEngine On\nRewriteRule a b\n</IfModule>\nErrorDocument 404 /404.html\n';

  test('rules lead to those that they replace', () => {
    expect(defined({ '.htaccess': PARENT, 'a/.htaccess': 'Rewrite|Rule c d' })).toEqual({
      '.htaccess': PARENT.replace('RewriteEngine On', '«RewriteEngine On»').replace(
        'RewriteRule a b',
        '«RewriteRule a b»',
      ),
    });
  });

  test('not where the file inherits them', () => {
    expect(
      defined({ '.htaccess': PARENT, 'a/.htaccess': 'RewriteOptions InheritBefore\nRewrite|Rule c d' }),
    ).toEqual({});
  });

  test('error documents of the same status', () => {
    expect(Object.keys(defined({ '.htaccess': PARENT, 'a/.htaccess': 'Error|Document 404 /b' }))).toEqual([
      '.htaccess',
    ]);
    expect(defined({ '.htaccess': PARENT, 'a/.htaccess': 'Error|Document 403 /b' })).toEqual({});
  });

  test('the other way round', () => {
    const texts = {
      '.htaccess': 'RewriteRule| a b',
      'a/.htaccess': 'RewriteEngine Off\n',
      'b/.htaccess': 'Options None',
    };
    expect(referred(texts)).toEqual({
      '.htaccess': '«RewriteRule a b»',
      'a/.htaccess': '«RewriteEngine Off»\n',
    });
  });

  test('a directive in a section of its own is another matter', () => {
    expect(defined({ '.htaccess': PARENT, 'a/.htaccess': '<Files x>\nRewrite|Rule c d\n</Files>' })).toEqual(
      {},
    );
  });
});
