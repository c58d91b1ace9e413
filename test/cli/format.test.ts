import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from './folder';
import { fastcgi } from './testTerminal';

const SITE = {
  '.htaccess': '<Files a>\nRequire all denied\n</Files>\n',
  'a/.htaccess': 'Options None\n',
  'a/page.html': '  <p>\n',
  'a/dispatch.fcgi': '#!/usr/bin/python3  \n',
};

describe('fastcgi format', () => {
  test('writes every .htaccess below a folder, and nothing else', async () => {
    const cwd = folderWith(SITE);
    expect(await fastcgi(['format'], { cwd })).toEqual({
      code: 0,
      out: '.htaccess\n1 of 2 files changed.\n',
      err: '',
    });
    expect(readFileSync(join(cwd, '.htaccess'), 'utf8')).toBe(
      '<Files a>\n    Require all denied\n</Files>\n',
    );
    expect(readFileSync(join(cwd, 'a/page.html'), 'utf8')).toBe(SITE['a/page.html']);
    expect(readFileSync(join(cwd, 'a/dispatch.fcgi'), 'utf8')).toBe(SITE['a/dispatch.fcgi']);
  });

  test('goes on behind what it cannot read, and fails', async () => {
    const cwd = folderWith({ 'a/.htaccess/x': '', 'b/.htaccess': SITE['.htaccess'] });
    const { code, out, err } = await fastcgi(['format'], { cwd });
    expect([code, out]).toEqual([1, 'b/.htaccess\n1 of 2 files changed.\n']);
    expect(err).toBe(
      'fastcgi format: a/.htaccess cannot be read: it is a folder: Apache answers 403 to every request here.\n',
    );
  });

  test.each([false, true])('goes on behind paths that are not there; --check: %s', async (isCheck) => {
    const cwd = folderWith({ 'a/.htaccess': ' Options None\n', 'b/.htaccess': ' Options None\n' });
    const paths = ['a', 'gone', 'b', 'c/.htaccess'];
    const { code, out, err } = await fastcgi(['format', ...paths, ...(isCheck ? ['--check'] : [])], { cwd });
    const done = isCheck ? 'would change' : 'changed';
    expect([code, out]).toEqual([1, `a/.htaccess\nb/.htaccess\n2 of 2 files ${done}.\n`]);
    expect(err).toBe(
      'fastcgi format: gone cannot be read: there is no such file or folder.\n' +
        'fastcgi format: c/.htaccess cannot be read: there is no such file or folder.\n',
    );
    const left = readFileSync(join(cwd, 'b/.htaccess'), 'utf8');
    expect(left).toBe(isCheck ? ' Options None\n' : 'Options None\n');
  });

  test('--check writes nothing and fails', async () => {
    const cwd = folderWith(SITE);
    const { code, out } = await fastcgi(['format', '--check', '.'], { cwd });
    expect([code, out]).toEqual([1, '.htaccess\n1 of 2 files would change.\n']);
    expect(readFileSync(join(cwd, '.htaccess'), 'utf8')).toBe(SITE['.htaccess']);
    expect((await fastcgi(['format', '--check', 'a'], { cwd })).code).toBe(0);
  });

  test('--indent and --arguments', async () => {
    const cwd = folderWith({ '.htaccess': '<Files a>\nHeader  set  A b\n</Files>' });
    await fastcgi(['format', '--indent', 'tab', '--arguments', 'single'], { cwd });
    expect(readFileSync(join(cwd, '.htaccess'), 'utf8')).toBe('<Files a>\n\tHeader set A b\n</Files>\n');
  });

  test('bytes that are no UTF-8 stay', async () => {
    const cwd = folderWith({});
    writeFileSync(join(cwd, '.htaccess'), Buffer.from('  AuthName "gr\xfcn"\n', 'latin1'));
    await fastcgi(['format'], { cwd });
    expect(readFileSync(join(cwd, '.htaccess'), 'latin1')).toBe('AuthName "gr\xfcn"\n');
  });

  test.each([['--indent', 'x'], ['--arguments', 'wide'], ['--nothing']])(
    'wrong usage: %s %s',
    async (...args) => {
      const { code } = await fastcgi(['format', ...args], { cwd: folderWith({}) });
      expect(code).toBe(2);
    },
  );

  test('an empty folder is no failure', async () => {
    expect(await fastcgi(['format'], { cwd: folderWith({}) })).toEqual({
      code: 0,
      out: 'There is no .htaccess to format.\n',
      err: '',
    });
  });
});
