import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from './folder';
import { fastcgi } from './testTerminal';

const SITE = {
  '.htaccess': 'ErrorDocument 404 /404.html\nFoo bar\n',
  'a/htaccess.txt': 'DirectoryIndex a.html\n',
  'a/live.htaccess': 'Bar\n',
  'a/dispatch.fcgi': '#!/usr/bin/env python3\r\n',
  'b/page.html': 'Foo\n',
  'node_modules/x/.htaccess': 'Baz\n',
};

describe('fastcgi check', () => {
  test('finds every .htaccess and dispatcher below a folder', async () => {
    const { code, out, err } = await fastcgi(['check'], { cwd: folderWith(SITE) });
    expect([code, err]).toEqual([1, '']);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ', 1)[0])).toEqual([
      '.htaccess:2:1:',
      'a/dispatch.fcgi:1:',
      'a/live.htaccess:1:1:',
      '4',
    ]);
    expect(lines[0]).toMatch(/^\.htaccess:2:1: error: Apache answers 500: Invalid command 'Foo', perhaps/);
    expect(lines[3]).toBe('4 files checked: 3 errors.');
  });

  test('looks at CGI programs, as the editor does', async () => {
    const cwd = folderWith({ 'form.cgi': '#!/usr/bin/python3\r\n', 'form.cgi.txt': '' });
    const { code, out } = await fastcgi(['check'], { cwd });
    expect(out).toMatch(/^form\.cgi:1: error: .*\[dispatcher\.crlf\]$/m);
    expect([code, out]).toEqual([1, expect.stringContaining('1 file checked: 2 errors.')]);
  });

  test('is content with a good site', async () => {
    const cwd = folderWith({
      '.htaccess': 'DirectoryIndex index.html\n',
      'dispatch.fcgi': '#!/usr/bin/python3\n',
    });
    expect(await fastcgi(['check', '.'], { cwd })).toEqual({
      code: 0,
      out: '2 files checked, nothing found.\n',
      err: '',
    });
  });

  test('shows advice as loudly as the project file says, and fails by what it calls an error', async () => {
    const levels = { 'redirect.query-in-path': 'error', 'directive.deprecated': 'off' };
    const cwd = folderWith({
      '.htaccess': 'Redirect /old?a=1 /new\nAddOutputFilterByType DEFLATE text/html\n',
      '.vscode/fastcgi.json': JSON.stringify({ advice: levels }),
    });
    const { code, out } = await fastcgi(['check', '--format', 'json'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([{ code: 'redirect.query-in-path', severity: 'error' }]);
  });

  test('takes files by name, each once', async () => {
    const cwd = folderWith(SITE);
    const { out } = await fastcgi(
      ['check', '.htaccess', join(cwd, '.htaccess'), 'a/live.htaccess', '--format', 'json'],
      { cwd },
    );
    expect(JSON.parse(out)).toMatchObject([
      { file: '.htaccess', line: 2, column: 1, code: 'apache.invalid-command', severity: 'error' },
      { file: 'a/live.htaccess', line: 1 },
    ]);
  });

  test('names the argument that Apache refuses, also in a continued line and behind bytes that are no text', async () => {
    const cwd = folderWith({
      'a/.htaccess': 'RewriteEngine On\n  RewriteRule ^ü /b [XX]\n',
      'b/.htaccess': 'RewriteEngine On\nRewriteRule ^a \\\n  /b [XX]\n',
      'c/.htaccess': 'RewriteEngine On\nRewriteRule ^( \\\n  /b\n',
    });
    writeFileSync(join(cwd, 'latin.htaccess'), Buffer.from('# \xe4\nFoo\n', 'latin1'));
    const { out } = await fastcgi(['check', '--format', 'json'], { cwd });
    const refused = (JSON.parse(out) as { code: string }[]).filter(({ code }) => code.startsWith('apache.'));
    expect(refused).toMatchObject([
      { file: 'a/.htaccess', line: 2, column: 23, code: 'apache.flag' },
      { file: 'b/.htaccess', line: 3, column: 7, code: 'apache.flag' },
      { file: 'c/.htaccess', line: 3, column: null, code: 'apache.pattern' },
      { file: 'latin.htaccess', line: 2, column: null, code: 'apache.refused' },
    ]);
  });

  test('looks at the files that directives ask for', async () => {
    const cwd = folderWith({
      '.vscode/fastcgi.json': '{ "host": { "treeRoot": "/home/me" } }',
      'sub/.htaccess': '<IfFile /home/me/live.txt>\nFoo\n</IfFile>\n',
      'wrapped/.htaccess': 'FcgidWrapper /home/me/run.sh .fcgi\n',
      'run.sh': '',
    });
    expect((await fastcgi(['check'], { cwd })).code).toBe(0);
    writeFileSync(join(cwd, 'live.txt'), '');
    rmSync(join(cwd, 'run.sh'));
    const { out } = await fastcgi(['check', '--format', 'json'], { cwd });
    const refused = (JSON.parse(out) as { code: string }[]).filter(({ code }) => code.startsWith('apache.'));
    expect(refused).toMatchObject([
      { file: 'sub/.htaccess', line: 2, column: 1, code: 'apache.invalid-command' },
      { file: 'wrapped/.htaccess', line: 1, message: expect.stringContaining('/home/me/run.sh') as string },
    ]);
  });

  test('gives advice, which is no failure, with an eye on the files around', async () => {
    const cwd = folderWith({
      '.htaccess': 'RewriteEngine On\n  RewriteRule ^/a$ /b [L]\n',
      'app.py': '',
      'sub/.htaccess': 'RewriteEngine On\n',
    });
    const { code, out } = await fastcgi(['check', '--format', 'json'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      { file: '.htaccess', line: 1, column: 1, code: 'exposure.program-source', severity: 'advice' },
      { file: '.htaccess', line: 2, column: 16, code: 'rewrite.leading-slash', severity: 'advice' },
      { file: 'sub/.htaccess', line: 1, column: 1, code: 'rewrite.child-drops-parent' },
    ]);
  });

  test('finds the folder of a file that is named, and the document root of the project', async () => {
    const text = 'RewriteEngine On\nRewriteRule ^old$ new [R=301,L]\n';
    const cwd = folderWith({
      '.vscode/fastcgi.json': '{ "documentRoot": "public" }',
      'public/shop/.htaccess': text,
    });
    const { out } = await fastcgi(['check', 'public/shop/.htaccess'], { cwd });
    expect(out).toContain("the path on the server's disk (/site/public/shop/...)");
  });

  test('finds what is wrong with the project file, once', async () => {
    const cwd = folderWith({
      '.vscode/fastcgi.json':
        '{ "targets": { "a": { "ssh": { "host": "h", "password": "x" }, "path": "/x" } } }',
      '.htaccess': 'DirectoryIndex index.html\n',
    });
    const { code, out, err } = await fastcgi(['check', '.', '.htaccess', '--format', 'json'], { cwd });
    expect([code, err]).toEqual([1, '']);
    const found: unknown = JSON.parse(out);
    expect(found).toHaveLength(1);
    expect(found).toMatchObject([
      { file: '.vscode/fastcgi.json', line: 1, column: 45, code: 'project.secret', severity: 'error' },
    ]);
  });

  test('reads the host from the project file', async () => {
    const files = {
      '.htaccess': 'DirectoryIndex a.html\n',
      '.vscode/fastcgi.json': '{ "host": { "allowOverride": ["FileInfo"] } }',
    };
    const { code, out } = await fastcgi(['check'], { cwd: folderWith(files) });
    expect(code).toBe(1);
    expect(out).toContain('.htaccess:1:1: error: Apache answers 500: DirectoryIndex not allowed here');
  });

  test('says when there is nothing to check, or nothing at all', async () => {
    const cwd = folderWith({ 'index.html': '' });
    expect(await fastcgi(['check'], { cwd })).toMatchObject({
      code: 0,
      err: expect.stringContaining('no .htaccess') as string,
    });
    expect(await fastcgi(['check', 'nowhere'], { cwd })).toEqual({
      code: 1,
      out: 'nowhere: error: There is no such file or folder. [file.missing]\n0 files checked: 1 error.\n',
      err: '',
    });
  });

  test('a path that is not there keeps nothing back of what the others hold', async () => {
    const cwd = folderWith(SITE);
    const check = (...words: string[]) => fastcgi(['check', 'nowhere', 'a', 'gone/x', ...words], { cwd });
    const expected = ['nowhere', 'a/dispatch.fcgi', 'a/live.htaccess', 'gone/x'];
    const json = await check('--format', 'json');
    expect([json.code, json.err]).toEqual([1, '']);
    expect((JSON.parse(json.out) as { file: string }[]).map(({ file }) => file)).toEqual(expected);
    const sarif = JSON.parse((await check('--format', 'sarif')).out) as { runs: { results: unknown[] }[] };
    expect(sarif.runs[0]?.results).toHaveLength(4);
    expect((await check('--format', 'github')).out).toContain(
      '::error file=gone/x,title=file.missing::There is no such file or folder.\n',
    );
  });

  test('writes annotations for GitHub, escaped', async () => {
    const cwd = folderWith({ 'a,b:c/.htaccess': '100%\n' });
    const { out } = await fastcgi(['check', '--format', 'github'], { cwd });
    expect(out).toMatch(
      /^::error file=a%2Cb%3Ac\/\.htaccess,line=1,col=1,title=apache\.invalid-command::Apache answers 500: Invalid command '100%25'/,
    );
  });

  test('writes SARIF', async () => {
    const { out } = await fastcgi(['check', '--format', 'sarif'], { cwd: folderWith(SITE) });
    const report = JSON.parse(out) as { version: string; runs: { tool: unknown; results: unknown[] }[] };
    expect(report.version).toBe('2.1.0');
    expect(report.runs[0]?.results).toHaveLength(3);
    expect(report.runs[0]?.results[1]).toMatchObject({
      ruleId: 'dispatcher.crlf',
      ruleIndex: 1,
      level: 'error',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'a/dispatch.fcgi' }, region: { startLine: 1 } } },
      ],
    });
  });

  test('a message of several lines is one finding, and nothing in it reaches the terminal of a CI log', async () => {
    const cwd = folderWith({ '.htaccess': '<Files "\u001B[2J">\n<If true>\n' });
    const { out } = await fastcgi(['check'], { cwd });
    expect(out).toMatch(
      /^\.htaccess:1:1: error: Apache answers 500: \.htaccess:2: <If> was not closed\.\n {4}\.htaccess:1: <Files> was/,
    );
    const broken = folderWith({ '.htaccess': '\u001B[2Jx\n' });
    expect((await fastcgi(['check', '--format', 'github'], { cwd: broken })).out).not.toContain('\u001B');
  });

  test('colours by weight, and lets no control character through', async () => {
    const cwd = folderWith({ '.htaccess': '\u001B[2Jx\n' });
    const { out } = await fastcgi(['check'], { cwd, colours: true });
    expect(out).toContain('\u001B[31merror\u001B[39m');
    expect(out).not.toContain('\u001B[2J');
  });
});

/** Milliseconds in which the answer must be there; generous, for machines that are busy. */
const BOUND = 20_000;

/** Bad files, and what is found in each. */
const BAD: Readonly<Record<string, { readonly text: () => string; readonly found: readonly string[] }>> = {
  '50 MB of rules': {
    text: () => 'RewriteRule ^a$ /b [L]\n'.repeat(2_200_000),
    found: ['file.too-large'],
  },
  '50 MB in one line': { text: () => 'x'.repeat(50_000_000), found: ['apache.refused', 'file.too-large'] },
  'a picture': { text: () => 'GIF89a\0\u0001\0\u00ff\n', found: ['apache.invalid-command', 'file.not-text'] },
  'only NUL bytes': { text: () => '\0'.repeat(100_000), found: ['file.not-text'] },
  '100,000 sections that are not closed': {
    text: () => '<IfModule mod_dir.c>\n'.repeat(100_000),
    found: ['file.too-large'],
  },
  '100,000 nested <If>': { text: () => '<If "true">\n'.repeat(100_000), found: ['apache.section'] },
  'sections that are not closed, by the hundred': {
    text: () => '<IfModule mod_dir.c>\n'.repeat(300),
    found: Array.from({ length: 20 }, () => 'syntax.unclosed-section'),
  },
};

describe('fastcgi check of bad input', () => {
  test.each(Object.entries(BAD))(
    '%s: a few readable lines in bounded time',
    async (_name, { text, found }) => {
      const cwd = folderWith({ '.htaccess': text() });
      const began = performance.now();
      const { out, err } = await fastcgi(['check', '--format', 'json'], { cwd });
      expect(performance.now() - began).toBeLessThan(BOUND);
      const findings = JSON.parse(out) as { code: string; message: string }[];
      expect(findings.map(({ code }) => code)).toEqual(found);
      for (const { message } of findings) expect(message.length).toBeLessThan(500);
      expect(err).toBe('');
    },
    60_000,
  );

  test('what is no file is named, and not waited for', async () => {
    const cwd = folderWith({ 'a/.htaccess': 'Bogus\n', 'b/.htaccess/x.htaccess': '' });
    execFileSync('mkfifo', ['a.htaccess', 'run.fcgi'], { cwd });
    symlinkSync('/dev/zero', join(cwd, 'zero.fcgi'));
    const pipe = 'The file cannot be read: it is no file, but a pipe, a socket or a device.';
    const { code, out } = await fastcgi(['check', '--format', 'json'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { file: 'a/.htaccess', code: 'apache.invalid-command' },
      { file: 'a.htaccess', code: 'file.unreadable', message: pipe },
      {
        file: 'b/.htaccess',
        message: 'The file cannot be read: it is a folder: Apache answers 403 to every request here.',
      },
      { file: 'run.fcgi', message: pipe },
      { file: 'zero.fcgi', message: pipe },
    ]);
  });

  test('a dispatcher of 50 MB is judged by its beginning', async () => {
    const cwd = folderWith({ 'big.fcgi': `#!/usr/bin/python3\r\n${'x = 1\n'.repeat(8_000_000)}` });
    const began = performance.now();
    const { out } = await fastcgi(['check', '--format', 'json'], { cwd });
    expect(performance.now() - began).toBeLessThan(BOUND);
    expect(JSON.parse(out)).toMatchObject([{ code: 'dispatcher.crlf' }]);
  }, 60_000);

  test('a file that changes while it is read gets the verdict on one of its states, or on what was there', async () => {
    const cwd = folderWith({ '.htaccess': '' });
    const file = join(cwd, '.htaccess');
    let writes = 0;
    const writing = setInterval(() => writeFileSync(file, `Bogus${(writes += 1)}\n`.repeat(20_000)));
    try {
      for (let run = 0; run < 5; run++) {
        const { out, err } = await fastcgi(['check', '--format', 'json'], { cwd });
        const findings = JSON.parse(out) as { line: number; message: string }[];
        expect(findings.length).toBeLessThanOrEqual(1);
        for (const { line, message } of findings) {
          expect(line).toBe(1);
          expect(message).toMatch(/Invalid command 'Bogus\d+'/);
        }
        expect(err).toBe('');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    } finally {
      clearInterval(writing);
    }
    expect(writes).toBeGreaterThan(0);
  });
});

describe('fastcgi check --batch', () => {
  const batch = async (lines: readonly string[]) => {
    const { code, out } = await fastcgi(['check', '--batch'], { input: lines.join('\n') });
    return {
      code,
      answers: out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    };
  };

  test('answers with id, verdict and line', async () => {
    const { code, answers } = await batch([
      '{"id": "a", "text": "DirectoryIndex x\\n"}',
      '{"id": 2, "text": "\\n\\nFoo \\\\\\n bar"}',
      JSON.stringify({ id: null, base64: Buffer.from('F\xF6\n', 'latin1').toString('base64') }),
      '{"id": [4], "text": "DirectoryIndex x", "host": {"allowOverride": ["None"], "later": true}}',
    ]);
    expect(code).toBe(0);
    expect(answers).toMatchObject([
      { id: 'a', ok: true, line: null, message: null, advice: [] },
      { id: 2, ok: false, line: 4 },
      { id: null, ok: false, line: 1, message: expect.stringContaining("Invalid command 'F\xF6'") as string },
      { id: [4], ok: false, line: 1, message: 'DirectoryIndex not allowed here' },
    ]);
  });

  test('answers with advice beside the verdict', async () => {
    const { answers } = await batch([
      '{"id": 1, "text": "RewriteEngine On\\nRewriteRule ^/a$ /b [L]\\n"}',
      '{"id": 2, "text": "php_value a b\\n"}',
    ]);
    expect(answers).toMatchObject([
      {
        ok: true,
        advice: [
          {
            code: 'rewrite.leading-slash',
            line: 2,
            message: expect.stringContaining('never matches') as string,
          },
        ],
      },
      { ok: false, line: 1, advice: [{ code: 'php.needs-mod-php', line: 1 }] },
    ]);
  });

  test('answers what it cannot understand, and goes on', async () => {
    const { code, answers } = await batch([
      '{',
      '[]',
      '{"id": 3}',
      '{"id": 4, "text": "", "host": {"port": "x"}}',
      '{"id": 5, "base64": "Zm9v!"}',
      '',
      '{"id": 6, "text": ""}',
    ]);
    expect(code).toBe(1);
    expect(answers).toEqual([
      { id: null, error: expect.stringContaining('no JSON') as string },
      { id: null, error: 'A line must be one JSON object.' },
      { id: 3, error: '"text" or "base64" is missing.' },
      { id: 4, error: '"host"."port" must be a whole number from 1 to 65535.' },
      { id: 5, error: '"base64" is no base64.' },
      { id: 6, ok: true, line: null, message: null, advice: [] },
    ]);
  });

  test('keeps U+2028 and long texts inside their line', async () => {
    const { answers } = await batch([`{"id": "\u2028", "text": "${'#'.repeat(8000)}"}`]);
    expect(answers).toMatchObject([{ id: '\u2028', ok: true }]);
  });
});
