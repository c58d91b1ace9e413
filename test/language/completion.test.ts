import { describe, expect, test } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { complete, HtaccessDocument, resolveCompletion, type FileLister } from '../../src/language';
import { atCursor, labelsAt, taking } from './marked';

describe('names of directives', () => {
  test('are offered at the start of a line, often used ones first', () => {
    expect(labelsAt('|').slice(0, 3)).toEqual(['RewriteEngine', 'RewriteRule', 'RewriteCond']);
    expect(labelsAt('Options -Indexes\n  Re|\n')).toContain('RewriteRule');
    expect(taking('  Rew|Ru a', 'RewriteRule')).toBe('  RewriteRule  a');
  });

  test('leave out what the host refuses', () => {
    expect(labelsAt('|')).not.toContain('DocumentRoot');
    expect(labelsAt('|')).not.toContain('<Directory');
    const host = hostProfile({
      allowOverride: ['FileInfo'],
      modules: ['core', 'mod_rewrite', 'mod_dir'],
      apache: '2.4.30',
    });
    const labels = labelsAt('|', host);
    expect(labels).toContain('RewriteRule');
    expect(labels).not.toContain('DirectoryIndex');
    expect(labels).not.toContain('ExpiresActive');
    expect(labels).not.toContain('<IfFile');
  });

  test('include those of a missing module inside of its <IfModule>', () => {
    const host = hostProfile({ modules: ['core'] });
    expect(labelsAt('<IfModule mod_expires.c>\n|\n</IfModule>', host)).toContain('ExpiresActive');
    expect(labelsAt('<IfModule expires_module>\n|\n</IfModule>', host)).toContain('ExpiresActive');
    expect(labelsAt('<IfModule mod_env.c>\n|\n</IfModule>', host)).not.toContain('ExpiresActive');
  });

  test('are requirements only inside of <RequireAll>', () => {
    expect(labelsAt('<RequireAll>\n  |\n</RequireAll>').sort()).toEqual([
      '<RequireAll',
      '<RequireAny',
      '<RequireNone',
      'Require',
    ]);
  });

  test('are not offered in comments', () => {
    expect(labelsAt('# Rew|')).toEqual([]);
    expect(labelsAt('  #|')).toEqual([]);
    expect(labelsAt('# a \\\n|')).toEqual([]);
    expect(labelsAt('# a \\\n|\n')).toEqual([]);
  });

  test('get their documentation when they are looked at', () => {
    const { document, position } = atCursor('Error|');
    const item = complete(document, position, { host: hostProfile() }).find(
      ({ label }) => label === 'ErrorDocument',
    );
    if (item === undefined) throw new Error('ErrorDocument is not offered');
    expect(item.documentation).toBeUndefined();
    const resolved = resolveCompletion(item, hostProfile());
    expect(JSON.stringify(resolved.documentation)).toContain('mod/core.html#errordocument');
  });
});

describe('sections', () => {
  test('are closed by the snippet, unless they are already', () => {
    const { document, position } = atCursor('<IfM|');
    const items = complete(document, position, { host: hostProfile(), snippets: true });
    const text = (label: string): string | undefined =>
      items.find((one) => one.label === label)?.textEdit?.newText;
    expect(text('<IfModule')).toBe('<IfModule ${1:mod_rewrite.c}>\n\t$0\n</IfModule>');
    expect(text('<RequireAll')).toBe('<RequireAll>\n\t$0\n</RequireAll>');
    expect(taking('<IfM|>\n</IfM>', '<IfModule')).toBe('<IfModule\n</IfM>');
  });

  test('offer the closing tag of the innermost open one', () => {
    expect(labelsAt('<IfModule a>\n<Files b>\n</|')).toEqual(['</Files>']);
    expect(labelsAt('<IfModule a>\n<Files b>\n</Files>\n<|')).toContain('</IfModule>');
    expect(labelsAt('<IfModule a>\n|\n</IfModule>')).not.toContain('</IfModule>');
    expect(labelsAt('</|')).toEqual([]);
    expect(taking('<Files a>\n  </|', '</Files>')).toBe('<Files a>\n  </Files>');
    expect(taking('<Files a>\n  </Fi|>\n', '</Files>')).toBe('<Files a>\n  </Files>\n');
  });
});

describe('arguments', () => {
  test('are those that the module lists', () => {
    expect(labelsAt('RewriteEngine |')).toEqual(['On', 'Off']);
    expect(labelsAt('Satisfy |')).toEqual(['All', 'Any']);
    expect(labelsAt('Header |')).toContain('always');
    expect(labelsAt('Header always |')).toContain('set');
    expect(labelsAt('Header always |')).not.toContain('always');
    expect(labelsAt('Header set |')).toContain('Cache-Control');
    expect(labelsAt('RewriteEngine On |')).toEqual([]);
  });

  test('are Options with the sign that the line began with', () => {
    expect(labelsAt('Options |')).toContain('+Indexes');
    expect(labelsAt('Options +FollowSymLinks |')).toContain('-Indexes');
    expect(labelsAt('Options Indexes |')).toContain('FollowSymLinks');
    expect(labelsAt('Options Indexes |')).not.toContain('+FollowSymLinks');
    expect(taking('Options -Ind|', '-Indexes')).toBe('Options -Indexes');
  });

  test('are statuses, types, handlers and modules', () => {
    expect(labelsAt('Redirect |')).toEqual(expect.arrayContaining(['301', '302', 'permanent', 'gone']));
    expect(labelsAt('ErrorDocument 4|')).toContain('404');
    expect(labelsAt('AddType |')).toContain('image/webp');
    expect(labelsAt('ExpiresByType |')).toContain('text/css');
    expect(labelsAt('SetHandler |')).toContain('fcgid-script');
    expect(labelsAt('SetHandler |', hostProfile({ modules: ['core'], addHandler: {} }))).not.toContain(
      'fcgid-script',
    );
    expect(labelsAt('<IfModule |>').slice(0, 1)).toEqual(['mod_rewrite.c']);
    expect(taking('<IfModule !mod_r|>', '!mod_rewrite.c')).toBe('<IfModule !mod_rewrite.c>');
    expect(labelsAt('Require |')).toEqual(expect.arrayContaining(['all granted', 'ip', 'not']));
    expect(labelsAt('Require all |')).toEqual(['granted', 'denied']);
  });
});

describe('rewriting', () => {
  test('flags stand in brackets, with their meaning', () => {
    expect(labelsAt('RewriteRule a b [|]')).toContain('QSA');
    expect(labelsAt('RewriteRule a b [R=301,|')).toContain('L');
    expect(labelsAt('RewriteCond a b [|]')).toEqual(['NC', 'OR', 'NV']);
    expect(labelsAt('RewriteRule a b |')).toContain('[R=301,L]');
    expect(taking('RewriteRule a b [NC,Q|]', 'QSA')).toBe('RewriteRule a b [NC,QSA]');
    expect(taking('RewriteRule a b [R=3|,L]', '301')).toBe('RewriteRule a b [R=301,L]');
    expect(labelsAt('RewriteRule a b [CO=|]')).toEqual([]);
  });

  test('variables are completed with their brace', () => {
    expect(taking('RewriteCond %{HTTP_H|', 'HTTP_HOST')).toBe('RewriteCond %{HTTP_HOST}');
    expect(taking('RewriteCond %{|} a', 'HTTPS')).toBe('RewriteCond %{HTTPS} a');
    expect(taking('RewriteRule a http://%{HTT|/$1', 'HTTP_HOST')).toBe('RewriteRule a http://%{HTTP_HOST}');
    expect(labelsAt('RewriteRule %{|')).toEqual([]);
    expect(labelsAt('RewriteCond |')).toContain('%{REQUEST_FILENAME}');
    expect(labelsAt('RewriteCond %{REQUEST_FILENAME} |')).toContain('!-f');
  });

  test('expressions have names of their own', () => {
    expect(labelsAt('<If "%{|}">')).toContain('REQUEST_STATUS');
    expect(labelsAt('RewriteCond %{|}')).not.toContain('REQUEST_STATUS');
    expect(labelsAt('RewriteCond expr "%{|}"')).toContain('REQUEST_STATUS');
    expect(labelsAt('Header set A "%{|}"')).toEqual([]);
    expect(labelsAt('Header set A "expr=%{|}"')).toContain('REQUEST_STATUS');
  });

  test('continued lines and other alphabets change nothing', () => {
    expect(taking('# 日本\nRewriteCond é😀%{HTTP_REF|', 'HTTP_REFERER')).toBe(
      '# 日本\nRewriteCond é😀%{HTTP_REFERER}',
    );
    expect(taking('RewriteRule a \\\r\n  b \\\r\n  [NC,Q|]\r\n', 'QSA')).toBe(
      'RewriteRule a \\\r\n  b \\\r\n  [NC,QSA]\r\n',
    );
  });
});

describe('files', () => {
  const folders: Readonly<Record<string, readonly string[]>> = {
    '/site/': ['blog/', 'index.html', '404.html'],
    '/site/blog/': ['dispatch.fcgi', 'Ã©.html'],
    '/site/own/': ['.env', '.git/', '.htaccess', '.vscode/', '.well-known/', 'a.html'],
    '/home/': ['.htaccess', '.htpasswd', 'users'],
  };
  const files: FileLister = {
    list: (path) => folders[path],
    directory: '/site/blog/',
    documentRoot: '/site/',
  };
  const offered = (marked: string): string[] => {
    const { document, position } = atCursor(marked);
    return complete(document, position, { host: hostProfile(), files }).map(({ label }) => label);
  };

  test('are read from the folder that the argument means', () => {
    expect(offered('ErrorDocument 404 /|')).toEqual(['404.html', 'blog/', 'index.html']);
    expect(offered('ErrorDocument 404 /blog/|')).toEqual(['dispatch.fcgi', 'é.html']);
    expect(offered('FallbackResource |')).toContain('/index.html');
    expect(offered('RewriteRule a d|')).toContain('dispatch.fcgi');
    expect(offered('RewriteRule a /|')).toContain('blog/');
    expect(offered('<Files "d|">')).toEqual(['dispatch.fcgi', 'é.html']);
    expect(offered('ErrorDocument 404 /none/|')).toEqual([]);
  });

  test('are none that nobody means', () => {
    expect(offered('ErrorDocument 404 /own/|')).toEqual(['.well-known/', 'a.html']);
    expect(offered('RedirectMatch ^/a$ /own/|')).toEqual(['.well-known/', 'a.html']);
    expect(offered('AuthUserFile /home/|')).toEqual(['.htpasswd', 'users']);
    const own = { ...files, directory: '/site/own/' };
    const { document, position } = atCursor('<Files |>');
    const names = complete(document, position, { host: hostProfile(), files: own });
    expect(names.map(({ label }) => label)).toEqual(['.env', 'a.html']);
  });

  test('replace what stands behind the last slash', () => {
    const { document, position } = atCursor('ErrorDocument 404 /blog/dis|');
    const [item] = complete(document, position, { host: hostProfile(), files });
    expect(item?.textEdit).toEqual({
      newText: 'dispatch.fcgi',
      range: { start: { line: 0, character: 24 }, end: { line: 0, character: 27 } },
    });
  });
});

test('a character opens only the list that it stands for', () => {
  const opens = (marked: string): boolean => {
    const { document, position } = atCursor(marked);
    const trigger = marked[marked.lastIndexOf('|') - 1] ?? '';
    return complete(document, position, { host: hostProfile(), trigger }).length > 0;
  };
  expect(
    ['<|', 'RewriteEngine |', 'RewriteCond %{|', 'RewriteRule a b [|', 'RewriteRule a b [L,|'].map(opens),
  ).toEqual(Array.from({ length: 5 }, () => true));
  expect([' |', '\n  |', 'Options a,|', '# <|', '-|', 'RewriteRule a{|'].map(opens)).toEqual(
    Array.from({ length: 6 }, () => false),
  );
});

test('a text that is too large has no completion', () => {
  const document = new HtaccessDocument('#'.repeat(3_000_000));
  expect(complete(document, { line: 0, character: 0 }, { host: hostProfile() })).toEqual([]);
});
