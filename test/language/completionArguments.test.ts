import { describe, expect, test } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { complete } from '../../src/language';
import { atCursor, labelsAt, taking } from './marked';

/** Labels at the `|` where other files set variables, too. */
function withEnvironment(marked: string, ...environment: string[]): string[] {
  const { document, position } = atCursor(marked);
  return complete(document, position, { host: hostProfile(), environment }).map(({ label }) => label);
}

describe('environment variables', () => {
  test.each([
    'SetEnvIf Host a BOT\nRewriteCond %{ENV:|',
    'SetEnvIf Host a BOT\nRewriteRule x %{ENV:|}',
    'SetEnvIf Host a BOT\n<If "%{ENV:|">',
    'SetEnvIf Host a BOT\n<If "%{reqenv:|">',
  ])('in braces: %j', (marked) =>
    expect(withEnvironment(marked, 'OTHER')).toEqual(
      ['ENV:BOT', 'ENV:OTHER'].map((one) => one.replace('ENV', marked.includes('reqenv') ? 'reqenv' : 'ENV')),
    ),
  );

  test.each([
    ['Header set A b env=|', ['BOT', 'OTHER']],
    ['Header set A b env=!|', ['BOT', 'OTHER']],
    ['Allow from env=|', ['BOT', 'OTHER']],
    ['Require env |', ['BOT', 'OTHER']],
    ['Require not env BOT |', ['BOT', 'OTHER']],
    ['UnsetEnv |', ['BOT', 'OTHER']],
  ])('%s', (line, expected) => expect(withEnvironment(`SetEnv BOT 1\n${line}`, 'OTHER')).toEqual(expected));

  test('where one is set, also those that Apache looks at', () => {
    for (const line of ['SetEnv |', 'SetEnvIf Host a |', 'BrowserMatch a |', 'RewriteRule a b [E=|]'])
      expect(withEnvironment(line)).toContain('no-gzip');
    expect(taking('SetEnv A 1\nRewriteRule a b [L,E=|]', 'A')).toBe('SetEnv A 1\nRewriteRule a b [L,E=A:]');
  });

  test('are put in whole', () => {
    expect(taking('SetEnv A 1\nRewriteCond %{ENV:|', 'ENV:A')).toBe('SetEnv A 1\nRewriteCond %{ENV:A}');
    expect(taking('SetEnv A 1\nRewriteCond %{ENV:|}', 'ENV:A')).toBe('SetEnv A 1\nRewriteCond %{ENV:A}');
  });
});

describe('headers', () => {
  test('of requests and of answers', () => {
    expect(labelsAt('RewriteCond %{HTTP:|')).toContain('HTTP:X-Forwarded-Proto');
    expect(labelsAt('RequestHeader unset |')).toContain('Proxy');
    expect(labelsAt('Header always set |')).toContain('Permissions-Policy');
    expect(labelsAt('SetEnvIf |').slice(0, 1)).toEqual(['Request_URI']);
    expect(labelsAt('SetEnvIf |')).toContain('User-Agent');
  });

  test('their values, and when they are sent', () => {
    expect(labelsAt('Header set X-Content-Type-Options |')).toEqual(['nosniff', 'env=', '"expr=']);
    expect(labelsAt('Header always set Cache-Control |')).toContain('"no-store"');
    expect(labelsAt('Header unset A |')).toEqual(['env=', '"expr=']);
  });
});

describe('groups', () => {
  test('$ offers those of the pattern, with their text', () => {
    expect(labelsAt('RewriteRule ^(a)/(b|c)$ /$|'.replace('b|c', 'bc'))).toEqual(['$1', '$2', '$0']);
    expect(taking('RewriteRule ^(a)$ /x$|', '$1')).toBe('RewriteRule ^(a)$ /x$1');
    expect(labelsAt('RewriteCond $|\nRewriteRule ^(a)$ b')).toEqual(['$1', '$0']);
  });

  test('a sign that was just typed opens no other list', () => {
    for (const [marked, trigger] of [
      ['RewriteCond a ^b$|', '$'],
      ['RewriteCond %|', '%'],
      ['RewriteRule a b%|', '%'],
      ['RewriteRule a$|', '$'],
      ['Header set A "%|"', '%'],
    ] as const) {
      const { document, position } = atCursor(marked);
      expect(complete(document, position, { host: hostProfile(), trigger })).toEqual([]);
    }
  });

  test('% those of the last condition before', () => {
    expect(labelsAt('RewriteCond a (b)(c)\nRewriteCond d -f\nRewriteRule a /%|')).toEqual(['%1', '%2', '%0']);
    expect(labelsAt('RewriteRule a /%|')).toEqual([]);
  });
});

describe('expressions', () => {
  test('functions, operators and variables', () => {
    const labels = labelsAt('<If "|">');
    expect(labels).toEqual(expect.arrayContaining(['tolower', '-ipmatch', '-f', '==', '=~', '-in']));
    expect(labels).not.toContain('file');
    expect(labelsAt('Require expr "|"')).toContain('-ipmatch');
    expect(labelsAt('RewriteCond expr "|"')).toContain('-ipmatch');
    expect(labelsAt('Header set A b "expr=|"')).toContain('-ipmatch');
  });

  test('not within a text', () => {
    expect(labelsAt(`<If "%{HTTP_HOST} == 'a|'">`)).toEqual([]);
    expect(labelsAt('SetHandler "proxy:unix:/|"')).not.toContain('-ipmatch');
  });

  test('replace the word at the cursor', () => {
    expect(taking('<If "%{REMOTE_ADDR} -ip|">', '-ipmatch')).toBe('<If "%{REMOTE_ADDR} -ipmatch">');
    expect(taking('<If "tol|">', 'tolower')).toBe(`<If "tolower('">`);
  });
});

describe('other arguments', () => {
  test.each([
    ['AuthType |', 'Basic'],
    ['RewriteOptions |', 'InheritBefore'],
    ['SetOutputFilter |', 'DEFLATE'],
    ['AddLanguage |', 'de'],
    ['RemoveHandler |', '.fcgi'],
    ['<FilesMatch |', String.raw`"^\."`],
    ['<IfVersion |', '>='],
    ['<IfDirective |', 'RewriteRule'],
    ['RewriteRule a b [T=|]', 'text/html'],
    ['RewriteRule a b [H=|]', 'fcgid-script'],
    ['RewriteCond %{SSL:|', 'SSL:SSL_PROTOCOL'],
    ['RewriteCond %{LA-U:|', 'LA-U:REMOTE_USER'],
  ])('%s', (marked, label) => expect(labelsAt(marked)).toContain(label));
});
