import { describe, expect, test } from 'vitest';
import { hostProfile, type HostProfile } from '../../src/apache/host';
import { noFlags, setRuleFlag } from '../../src/apache/modules/mod_rewrite/flags';
import { hover } from '../../src/language';
import { CATALOG } from '../../src/language/catalog';
import { directiveText } from '../../src/language/directiveText';
import { RULE_FLAGS } from '../../src/language/rewriteFlags';
import { STATUSES, findStatus } from '../../src/language/statusCodes';
import { variablesFor } from '../../src/language/variables';
import { atCursor } from './marked';

function textAt(marked: string, host: HostProfile = hostProfile()): string {
  const { document, position } = atCursor(marked);
  const found = hover(document, position, host);
  return found === null ? '' : (found.contents as { value: string }).value;
}

function hoveredAt(marked: string): string {
  const { document, position } = atCursor(marked);
  const range = hover(document, position, hostProfile())?.range;
  if (range === undefined) return '';
  return document.text.split('\n')[range.start.line]?.slice(range.start.character, range.end.character) ?? '';
}

describe('hover over a directive', () => {
  test('tells syntax, purpose, place and manual', () => {
    const text = textAt('redirect|match 301 a b');
    expect(text).toContain('RedirectMatch [status] regex [url]');
    expect(text).toContain('AllowOverride grants `FileInfo`');
    expect(text).toContain('https://httpd.apache.org/docs/2.4/mod/mod_alias.html#redirectmatch');
    expect(textAt('RewriteEn|gine On')).toContain('RewriteEngine On|Off');
  });

  test('tells what the host says to it', () => {
    const host = hostProfile({
      modules: ['core', 'mod_alias'],
      allowOverride: ['Indexes'],
      apache: '2.4.30',
    });
    expect(textAt('Expires|Active On', host)).toContain('does not load mod_expires');
    expect(textAt('Redir|ect / /b', host)).toContain('AllowOverride Indexes');
    expect(textAt('Redirect|Relative On', host)).toContain('this needs 2.4.58');
    expect(textAt('Redirect|Relative On')).toContain('Since Apache 2.4.58');
    expect(textAt('Document|Root /a')).toContain("Only in the server's own configuration");
  });

  test('shows names of sections as they are, and lists words only where there is a choice', () => {
    expect(textAt('Satis|fy Any')).toContain(String.raw`\<RequireAll>`);
    expect(textAt('Satis|fy Any')).toContain('Satisfy All|Any');
    expect(textAt('Satis|fy Any')).toContain('Without it: `Satisfy All`');
    expect(textAt('Fcgid|Wrapper a')).toContain('FcgidWrapper program [.extension] [virtual]');
  });

  test('works on both tags of a section', () => {
    expect(hoveredAt('<IfMod|ule a>\n</IfModule>')).toBe('<IfModule');
    expect(hoveredAt('<IfModule a>\n</IfMod|ule>')).toBe('</IfModule>');
    expect(hoveredAt('</Fil|es>')).toBe('</Files>');
    expect(textAt('<El|se>\n</Else>')).toContain('core.html#else');
  });

  test('says nothing about comments, blanks and unknown names', () => {
    expect(textAt('# Redi|rect')).toBe('');
    expect(textAt('|\n')).toBe('');
    expect(textAt('Nonsen|se')).toBe('');
    expect(textAt('  |  Redirect a b')).toBe('');
  });
});

describe('hover over arguments', () => {
  test('explains flags, variables, statuses, options and modules', () => {
    expect(textAt('RewriteRule a b [N|C]')).toContain('upper and lower case');
    expect(textAt('RewriteRule a b [NC,R=3|08]')).toContain('308 Permanent Redirect');
    expect(hoveredAt('RewriteRule a b [NC,R=3|08]')).toBe('R=308');
    expect(textAt('RewriteCond a b [O|R]')).toContain('This condition or the next one');
    expect(hoveredAt('RewriteCond x%{REQUEST|_URI}y a')).toBe('%{REQUEST_URI}');
    expect(textAt('RewriteCond %{HTTP:X-For|warded-Proto} a')).toContain('request header');
    expect(textAt('<If "%{REQUEST_STA|TUS} == 404">')).toContain('status of the answer');
    expect(textAt('Redirect 3|03 /a /b')).toContain('See Other');
    expect(textAt('Redirect go|ne /a')).toContain('410 Gone');
    expect(textAt('ErrorDocument 4|04 /a')).toContain('404 Not Found');
    expect(textAt('Options -Ind|exes')).toContain('Taken away');
    expect(textAt('<IfModule mod_re|write.c>')).toContain('is read');
    expect(textAt('<IfModule !mod_re|write.c>')).toContain('is left out');
    expect(textAt('<IfModule mod_lu|a.c>')).toContain('is left out');
  });

  test('is exact behind other alphabets and in continued lines', () => {
    expect(hoveredAt('RewriteCond é😀%{HTTP_|HOST} a')).toBe('%{HTTP_HOST}');
    expect(hoveredAt('RewriteRule a \\\n  b \\\n  [NC,QS|A]')).toBe('QSA');
  });
});

describe('tables', () => {
  test('name only flags that mod_rewrite takes, by both names', () => {
    for (const { name, long } of RULE_FLAGS) {
      for (const key of [name, long])
        expect([key, setRuleFlag(noFlags(), key, '302')]).toEqual([key, undefined]);
    }
  });

  test('name only statuses that Apache knows', () => {
    for (const { code } of STATUSES) expect(findStatus(String(code))?.code).toBe(code);
  });

  test('explain every variable of both kinds', () => {
    for (const use of ['rewrite', 'expression'] as const) {
      const silent = variablesFor(use, hostProfile()).filter(({ meaning }) => meaning === '');
      expect(silent).toEqual([]);
    }
  });

  test('every directive has a text', () => {
    for (const name of CATALOG.keys()) expect(directiveText(name, hostProfile())).toMatch(/\n\n/);
  });
});

describe('hover over what a line refers to', () => {
  test.each([
    ['RewriteRule ^(a)$ /$|1', 'The text of `(a)` in line 1.'],
    ['RewriteCond x (b)\nRewriteRule a /%|1', 'The text of `(b)` in line 1.'],
    ['RewriteRule a /$|1', 'no such group'],
    ['SetEnv A 1\nRequire env |A', 'Set in line 1.'],
    ['Require env |A', 'No line of this file sets it.'],
    ['RewriteCond a -|f', 'It is a file that exists.'],
    ['RewriteCond a !-|d', 'It is no folder that exists.'],
    ['RewriteCond a !-|s', 'Not: It is a file that is not empty.'],
    ['RewriteCond a -gt|5', 'It is a larger number.'],
    ['SetHandler fcgid|-script', 'FastCGI program that stays alive'],
  ])('%s', (marked, expected) => expect(textAt(marked)).toContain(expected));
});
