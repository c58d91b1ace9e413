import { describe, expect, test } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { diagnose, HtaccessDocument, toDiagnostic } from '../../src/language';
import { expectProblems, fixed } from './marked';

const messageOf = (text: string, host = hostProfile()): string | undefined =>
  diagnose(new HtaccessDocument(text), host)[0]?.message;

describe("Apache's verdict", () => {
  test('marks the name of an unknown directive, without indentation', () => {
    expectProblems('Options -Indexes\n  RewriteEngin On\n  ^^^^^^^^^^^^ apache.invalid-command');
  });

  test('says which module is missing', () => {
    const host = hostProfile({ modules: ['core', 'mod_dir'] });
    expectProblems('ExpiresActive On\n^^^^^^^^^^^^^ apache.invalid-command', host);
    expect(messageOf('ExpiresActive On', host)).toBe(
      "Apache answers 500: Invalid command 'ExpiresActive', perhaps misspelled or defined by a module not included in the server configuration\nExpiresActive belongs to mod_expires, which the host does not load.",
    );
  });

  test('says which module that is no part of Apache is meant, and what to do on a host that has it', () => {
    const host = hostProfile({ modules: ['core'] });
    expect(messageOf('GeoIPEnable On', host)).toContain(
      '\nIt belongs to mod_geoip. If your server has that, say so: "host": { "directives": ["GeoIP*"] } in .vscode/fastcgi.json.',
    );
  });

  test('marks what AllowOverride does not grant, and what is for the server only', () => {
    const host = hostProfile({ allowOverride: ['FileInfo'] });
    expectProblems('Options -Indexes\n^^^^^^^ apache.not-allowed', host);
    expectProblems('<If "true">\n  DocumentRoot /a\n  ^^^^^^^^^^^^ apache.not-allowed\n</If>');
    expect(messageOf('Options -Indexes', host)).toContain('needs AllowOverride Options');
  });

  test('marks the arguments when their number is wrong', () => {
    expectProblems('AuthType a b c\n         ^^^^^ apache.arguments');
    expectProblems('DirectorySlash maybe\n               ^^^^^ apache.arguments');
    expectProblems('AuthType\n^^^^^^^^ apache.arguments');
  });

  test('marks the one flag that is wrong', () => {
    expectProblems('RewriteRule a b [NC,LAST1,R=301]\n                    ^^^^^ apache.flag');
    expectProblems('RewriteCond a b [NC,L]\n                    ^ apache.flag');
    expectProblems('RewriteRule a b [NC, L]\n                ^^^^^^^ apache.flag');
  });

  test("marks the place in a pattern, with PCRE2's reason", () => {
    expectProblems('RewriteRule ^a[b-$ /c\n                 ^ apache.pattern');
    expectProblems('RewriteRule (ab /c\n            ^^^ apache.pattern');
    expectProblems('RewriteRule a**b /c\n              ^ apache.pattern');
    expect(messageOf('RewriteRule (a /c')).toContain('PCRE2: missing closing parenthesis');
  });

  test('marks the place in an expression', () => {
    expectProblems('<If "%{HTTP_HOST} == ">\n    ^^^^^^^^^^^^^^^^^^ apache.expression\n</If>');
    expectProblems('<If "%{NO_SUCH} == 1">\n       ^^^^^^^ apache.expression\n</If>');
    expectProblems('RewriteCond expr "%{NOPE} == 1"\n                    ^^^^ apache.expression');
  });

  test('points from an unclosed section to its opening, and from a wrong tag to the one that is open', () => {
    expectProblems('<Files a>\n^^^^^^ apache.section\nOptions -Indexes\n');
    const [problem] = diagnose(
      new HtaccessDocument('<Files a>\n<If "true">\n</Files>\n</If>\n'),
      hostProfile(),
    );
    expect(problem?.code).toBe('apache.section');
    expect(problem?.related.map(({ range }) => range.start.line)).toContain(0);
  });

  test('marks a line that is too long', () => {
    const [problem] = diagnose(
      new HtaccessDocument(`Options -Indexes\nSetEnv A ${'x'.repeat(9000)}\n`),
      hostProfile(),
    );
    expect(problem?.code).toBe('apache.line-too-long');
    expect(problem?.range.start).toEqual({ line: 1, character: 0 });
  });

  test('counts UTF-16 units while Apache counts bytes', () => {
    expectProblems('# 日本😀é\nSetEnv A "é😀" b c\n       ^^^^^^^^^^^ apache.arguments');
    expectProblems('Ünknown😀 x\n^^^^^^^^^ apache.invalid-command');
  });

  test('is silent about a file that Apache takes', () => {
    expectProblems('RewriteEngine On\nRewriteRule ^a$ b [L]\n');
  });
});

describe('files that are no .htaccess', () => {
  test('get one readable information when they are too large', () => {
    const problems = diagnose(new HtaccessDocument('é'.repeat(25_000_000)), hostProfile());
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['file.too-large', 'information'],
    ]);
    expect(problems[0]?.message).toContain('50 MB');
  });

  test('are shown without control characters', () => {
    const problems = diagnose(new HtaccessDocument('\u007FELF\u0002\u0001\0\0\n\0\n'), hostProfile());
    expect(problems.map(({ code }) => code)).toEqual(['apache.invalid-command', 'file.not-text']);
    expect(problems[0]?.message).toContain(String.raw`\x7fELF\x02\x01`);
  });
});

describe('quick fixes', () => {
  test('correct a misspelled name', () => {
    expect(fixed('RewriteEngin On\n', 'Change to RewriteEngine')).toBe('RewriteEngine On\n');
    expect(fixed('<IfModul mod_dir.c>\n</IfModul>\n', 'Change to IfModule')).toBe(
      '<IfModule mod_dir.c>\n</IfModule>\n',
    );
    expect(fixed('oder allow,deny', 'Change to Order')).toBe('Order allow,deny');
  });

  test('wrap the directives of a missing module', () => {
    const host = hostProfile({ modules: ['core', 'mod_dir'] });
    const text = 'DirectoryIndex a\n  ExpiresActive On\n  ExpiresDefault A1\nDirectorySlash On';
    expect(fixed(text, 'Wrap in <IfModule mod_expires.c>', host)).toBe(
      'DirectoryIndex a\n  <IfModule mod_expires.c>\n  ExpiresActive On\n  ExpiresDefault A1\n  </IfModule>\nDirectorySlash On',
    );
    expect(fixed('ExpiresActive On', 'Wrap in <IfModule mod_expires.c>', host)).toBe(
      '<IfModule mod_expires.c>\nExpiresActive On\n</IfModule>\n',
    );
  });

  test('close sections where they end', () => {
    expect(fixed('<Files a>\n  <If "true">\n</Files>\n', 'Add </If> before it')).toBe(
      '<Files a>\n  <If "true">\n</If>\n</Files>\n',
    );
    expect(fixed('<Files a>\r\nOptions -Indexes', 'Add </Files>')).toBe(
      '<Files a>\r\nOptions -Indexes\r\n</Files>\r\n',
    );
    expect(fixed('<Files a>\n  <If "true">\n', 'Add </If> and </Files>')).toBe(
      '<Files a>\n  <If "true">\n  </If>\n</Files>\n',
    );
    expect(fixed('<IfModule !core.c>\nOptions -Indexes\n', 'Add </IfModule>')).toBe(
      '<IfModule !core.c>\nOptions -Indexes\n</IfModule>\n',
    );
  });

  test('correct or remove a closing tag', () => {
    expect(fixed('<Files a>\n</File>\n', 'Change to </Files>')).toBe('<Files a>\n</Files>\n');
    expect(fixed('Options -Indexes\n</Files>\n', 'Remove </Files>')).toBe('Options -Indexes\n');
  });

  test('see a misspelled closing tag where the section is skipped', () => {
    const text = '<IfModule mod_none.c>\nOptions -Indexes\n</IfModul>\n';
    expect(fixed(text, 'Change to </IfModule>')).toBe(
      '<IfModule mod_none.c>\nOptions -Indexes\n</IfModule>\n',
    );
    const [problem] = diagnose(new HtaccessDocument(text), hostProfile());
    expect(problem?.related).toMatchObject([
      { range: { start: { line: 2 } }, message: '</IfModul> closes nothing' },
    ]);
  });

  test('bear very many open sections and stray tags', () => {
    for (const line of ['<a>', '</a>', '<Files a>', '</Files>', '<IfModule core.c>', '<a>\n</b>']) {
      const problems = diagnose(new HtaccessDocument(`${line}\n`.repeat(20_000)), hostProfile());
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.length).toBeLessThan(1000);
    }
  });

  test('add what is missing', () => {
    expect(fixed('<IfModule mod_dir.c\n</IfModule>\n', 'Add >')).toBe('<IfModule mod_dir.c>\n</IfModule>\n');
    expect(fixed('<Files a>\n</Files\n', 'Add >')).toBe('<Files a>\n</Files>\n');
    expect(fixed('RewriteRule a b [R=301,L', 'Add ]')).toBe('RewriteRule a b [R=301,L]');
    expect(fixed('Deny all', 'Insert from')).toBe('Deny from all');
    expect(fixed('\uFEFFOptions -Indexes', 'Remove the byte order mark')).toBe('Options -Indexes');
  });

  test('correct misspelled words, and offer nothing for what resembles nothing', () => {
    expect(fixed('Header sett A b', 'Change to set')).toBe('Header set A b');
    expect(fixed('Options -Indexs', 'Change to -Indexes')).toBe('Options -Indexes');
    expect(fixed('Require valid-usr', 'Change to valid-user')).toBe('Require valid-user');
    expect(fixed('RewriteRule a b [X]', '')).toEqual([]);
    expect(fixed('RewriteRule a b [R=999]', '')).toEqual([]);
  });

  test('correct the unit of an interval, where Apache refuses it', () => {
    const byType = (code: string) => `ExpiresByType image/png ${code}`;
    expect(fixed(byType('"access plus 1 mnth"'), 'Change to month')).toBe(byType('"access plus 1 month"'));
    expect(fixed(byType("'access plus 1 month 2 ays'"), 'Change to days')).toBe(
      byType("'access plus 1 month 2 days'"),
    );
    expect(fixed('ExpiresDefault "access plus 1 eek"', 'Change to week')).toBe(
      'ExpiresDefault "access plus 1 week"',
    );
    expect(fixed('CookieExpires "2 yeasr 1 onths"', 'Change to months')).toBe(
      'CookieExpires "2 yeasr 1 months"',
    );
    expect(fixed(byType('"now plus 5 m"'), '')).toEqual(['Change to minute', 'Change to month']);
    expect(fixed(byType('"access plus 1 quux"'), '')).toEqual([]);
    expect(fixed(byType('"access plus one month"'), '')).toEqual([]);
    // Apache looks at the first letters, and at a number alone behind A: these are no errors.
    for (const taken of ['"access plus 1 mots"', '"Access plus 1 mnth"', 'A3600'])
      expect(fixed(byType(taken), '')).toEqual([]);
  });

  test('move a comment to its own line', () => {
    expect(
      fixed('  AuthType Basic # é log in\r\nOptions -Indexes\r\n', 'Move the comment to a line of its own'),
    ).toBe('  # é log in\r\n  AuthType Basic\r\nOptions -Indexes\r\n');
  });

  test('mend flags, switches and options', () => {
    expect(fixed('RewriteRule a b [R=301, L]', 'Remove the blanks between the flags')).toBe(
      'RewriteRule a b [R=301,L]',
    );
    expect(fixed('RewriteRule a b R=301,L', 'Put the flags in brackets')).toBe('RewriteRule a b [R=301,L]');
    expect(fixed('RewriteRule a b R=301,L]', 'Put the flags in brackets')).toBe('RewriteRule a b [R=301,L]');
    expect(fixed('RewriteRule a b [QSAA,L]', 'Change to QSA')).toBe('RewriteRule a b [QSA,L]');
    expect(fixed('RewriteEngine true', 'Change to On')).toBe('RewriteEngine On');
    expect(fixed('Options Indexes -MultiViews FollowSymLinks', 'Put + before every option')).toBe(
      'Options +Indexes -MultiViews +FollowSymLinks',
    );
  });

  test('offers nothing that leaves the refusal as it is', () => {
    expect(fixed('RewriteRule ^a$ b c [L]', '')).toEqual([]);
    expect(fixed('RewriteRule ^a$ b XX', '')).toEqual([]);
    expect(fixed('Options + ExecCGI', '')).toEqual([]);
    expect(fixed('Options Indexs -MultiViews', '')).toEqual(['Change to Indexes']);
    expect(fixed('Require not method POST', '')).toEqual([]);
    expect(fixed('Require all grantd', 'Change to granted')).toBe('Require all granted');
    expect(fixed('<Limit GET>\n<Limit POST PUT>\n</Limit>\n</Limit>', '')).toEqual([]);
  });

  test('offers nothing else while a comment is taken for arguments', () => {
    const move = 'Move the comment to a line of its own';
    expect(fixed('Options +Indexes # note', '')).toEqual([move]);
    expect(fixed('FileETag None # note', '')).toEqual([move]);
    const section = '<IfModule mod_dir.c>\n</IfModule> # of mod_dir\n';
    expect(fixed(section, '')).toEqual([move]);
    expect(fixed(section, move)).toBe('<IfModule mod_dir.c>\n# of mod_dir\n</IfModule>\n');
  });
});

test('advice comes with its fix, and a diagnostic carries both', () => {
  const document = new HtaccessDocument('# é\nAddType text/html .page # ours\n');
  const [problem] = diagnose(document, hostProfile());
  if (problem === undefined) throw new Error('No problem');
  expect([problem.code, problem.severity]).toEqual(['syntax.trailing-comment', 'warning']);
  expect(problem.range.start).toEqual({ line: 1, character: 24 });
  expect(fixed(document.text, 'Move the comment to a line of its own')).toBe(
    '# é\n# ours\nAddType text/html .page\n',
  );
  expect(toDiagnostic(problem, 'file:///a')).toMatchObject({
    code: problem.code,
    data: { fixes: problem.fixes },
  });
  expect(diagnose(document, hostProfile(), { advice: false })).toEqual([]);
});
