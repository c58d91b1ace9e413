import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { names, nextAlias, renamedIn } from '../../src/deploy/alias';
import { routesTo } from '../../src/deploy/routes';

const renamed = (text: string, from = 'dispatch.fcgi', to = 'dispatch-2.fcgi') =>
  Buffer.from(renamedIn(Buffer.from(text), from, to)).toString();

describe('another name for the dispatcher', () => {
  test.each([
    ['RewriteRule ^(.*)$ dispatch.fcgi/$1 [L]', 'RewriteRule ^(.*)$ dispatch-2.fcgi/$1 [L]'],
    ['RewriteCond %{REQUEST_URI} !^/dispatch\\.fcgi', 'RewriteCond %{REQUEST_URI} !^/dispatch-2\\.fcgi'],
    ['<Files dispatch.fcgi>', '<Files dispatch-2.fcgi>'],
    ['<FilesMatch "^dispatch\\.fcgi$">', '<FilesMatch "^dispatch-2\\.fcgi$">'],
    ['RewriteRule x /a/dispatch.fcgi?q=dispatch.fcgi', 'RewriteRule x /a/dispatch-2.fcgi?q=dispatch-2.fcgi'],
    ['FallbackResource /dispatch.fcgi', 'FallbackResource /dispatch-2.fcgi'],
  ])('%s', (before, after) => expect(renamed(before)).toBe(after));

  test.each([
    'my-dispatch.fcgi',
    'dispatch.fcgi.bak',
    'xdispatch.fcgi',
    'dispatch.fcgix',
    'AddHandler fcgid-script .fcgi',
  ])('%s is another', (text) => expect(renamed(text)).toBe(text));

  test('bytes that are no name stay as they are, and the way back is exact', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ maxLength: 60 }), (one, other) => {
        const text = Buffer.concat([Buffer.from(one), Buffer.from(' dispatch.fcgi '), Buffer.from(other)]);
        const there = renamedIn(text, 'dispatch.fcgi', 'dispatch-2.fcgi');
        expect(names(there, 'dispatch.fcgi')).toBe(false);
        expect(Buffer.from(renamedIn(there, 'dispatch-2.fcgi', 'dispatch.fcgi')).equals(text)).toBe(true);
      }),
    );
  });

  test('names in rotation: few, and none that was in use within the last ten minutes', () => {
    let alias: ReturnType<typeof nextAlias> | undefined;
    const taken: string[] = [];
    for (let at = 0; at < 12; at++) {
      alias = nextAlias({ dispatcher: 'cgi/dispatch.fcgi', alias, now: at * 300 }, () => false);
      expect(taken.slice(-2)).not.toContain(alias.to);
      taken.push(alias.to);
    }
    expect(new Set(taken).size).toBeLessThanOrEqual(4);
    expect(taken.slice(0, 3)).toEqual(['cgi/dispatch-2.fcgi', 'cgi/dispatch-3.fcgi', 'cgi/dispatch-4.fcgi']);
  });

  test('a name that exists is not taken', () => {
    const alias = nextAlias(
      { dispatcher: 'd.fcgi', alias: undefined, now: 0 },
      (path) => path !== 'd-4.fcgi',
    );
    expect(alias.to).toBe('d-4.fcgi');
  });
});

describe('where requests go', () => {
  const rules = (name: string, handler = 'AddHandler fcgid-script .fcgi\n') =>
    `${handler}RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ ${name}/$1 [QSA,L]\n`;
  const routes = (text: string, program: string) =>
    routesTo({
      files: new Map([['.htaccess', Buffer.from(text)]]),
      program,
      host: hostProfile({ addHandler: {} }),
    });

  test('a name that is ruled is reached, another is not', () => {
    expect(routes(rules('dispatch-2.fcgi'), 'dispatch-2.fcgi').reached).toContain('/no-such-page');
    expect(routes(rules('dispatch.fcgi'), 'dispatch-2.fcgi').reached).toEqual([]);
  });

  test('a program without a handler is a file that everybody can read', () => {
    expect(routes(rules('dispatch-2.fcgi'), 'dispatch-2.fcgi').own.kind).toBe('handler');
    const only = '<Files dispatch.fcgi>\nSetHandler fcgid-script\n</Files>\n';
    expect(routes(rules('dispatch-2.fcgi', only), 'dispatch-2.fcgi').own.kind).toBe('file');
  });
});
