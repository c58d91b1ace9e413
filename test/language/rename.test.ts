import { describe, expect, test } from 'vitest';
import { moveFiles, prepareRename, rename, renameProblem } from '../../src/language';
import { TextSite } from './site';

describe('variables', () => {
  const site = new TextSite({
    '.htaccess': 'SetEnvIf Host "^a" BOT=1\nRewriteRule x y [E=OTHER:1]',
    'a/.htaccess': 'Require env B|OT\nRewriteCond %{ENV:REDIRECT_BOT} 1',
  });

  test('in every file that sees it, also behind REDIRECT_', () => {
    expect(site.after(rename(site.map, site.position, 'ROBOT'))).toEqual({
      '.htaccess': 'SetEnvIf Host "^a" ROBOT=1\nRewriteRule x y [E=OTHER:1]',
      'a/.htaccess': 'Require env ROBOT\nRewriteCond %{ENV:REDIRECT_ROBOT} 1',
    });
  });

  test('what is renamed is the name alone', () => {
    expect(prepareRename(site.map, site.position)).toEqual({
      range: { start: { line: 0, character: 12 }, end: { line: 0, character: 15 } },
      placeholder: 'BOT',
    });
  });

  test.each(['', 'a b', '1A', 'A=B', 'Ä', 'OTHER', 'other'])('no good name: %s', (name) => {
    expect(renameProblem(site.map, site.position, name)).toMatch(/name for|already/);
    expect(rename(site.map, site.position, name)).toBeUndefined();
  });

  test('the same name in another case is one', () => {
    expect(renameProblem(site.map, site.position, 'Bot')).toBeUndefined();
  });

  test.each(['RewriteCond %{ENV:HTT|PS} on', 'Options No|ne', '# SetEnv A|', 'SetEnvIf Ho|st a B'])(
    'cannot be renamed: %s',
    (text) => {
      const { map, position } = new TextSite({ '.htaccess': text });
      expect(prepareRename(map, position)).toBeUndefined();
      expect(rename(map, position, 'X')).toBeUndefined();
    },
  );
});

describe('files that move', () => {
  const move = (
    texts: Readonly<Record<string, string>>,
    from: string,
    to: string,
  ): Record<string, string> => {
    const site = new TextSite(texts);
    return site.after(
      moveFiles(site.files, [{ from: `/site/${from}`, to: `/site/${to}` }], site.map.documentRoot),
    );
  };

  test('are named as before: by URL, by path, from the folder', () => {
    expect(
      move(
        {
          '.htaccess':
            'ErrorDocument 404 "/e/404.html?x"\nRewriteRule a e/404.html [L]\nAuthUserFile /site/e/404.html\n<Files 404.html>\n</Files>\n',
          'e/.htaccess': 'DirectoryIndex index.html 404.html\n<Files 404.html>\n</Files>\n',
        },
        'e/404.html',
        'e/none.html',
      ),
    ).toEqual({
      '.htaccess':
        'ErrorDocument 404 "/e/none.html?x"\nRewriteRule a e/none.html [L]\nAuthUserFile /site/e/none.html\n<Files 404.html>\n</Files>\n',
      'e/.htaccess': 'DirectoryIndex index.html none.html\n<Files none.html>\n</Files>\n',
    });
  });

  test('also with their folder', () => {
    expect(
      move({ '.htaccess': 'ErrorDocument 404 /e/404.html\nErrorDocument 403 /ex/403.html\n' }, 'e', 'errors'),
    ).toEqual({
      '.htaccess': 'ErrorDocument 404 /errors/404.html\nErrorDocument 403 /ex/403.html\n',
    });
  });

  test('out of the folder, by URL', () => {
    expect(
      move({ 'a/.htaccess': 'DirectoryIndex x.html\n<Files x.html>\n</Files>\n' }, 'a/x.html', 'b/x.html'),
    ).toEqual({
      'a/.htaccess': 'DirectoryIndex /b/x.html\n<Files x.html>\n</Files>\n',
    });
  });

  test('a name that would need quotes changes nothing', () => {
    expect(move({ '.htaccess': 'ErrorDocument 404 /a.html' }, 'a.html', 'a b.html')).toEqual({});
  });

  test('a .htaccess that moves along is left alone', () => {
    expect(move({ 'a/.htaccess': 'DirectoryIndex x.html' }, 'a', 'b')).toEqual({});
  });
});
