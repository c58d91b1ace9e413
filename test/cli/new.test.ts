import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_TEMPLATES } from '../../src/project/templates';
import { folderWith } from './folder';
import { fastcgi } from './testTerminal';

const ids = PROJECT_TEMPLATES.map(({ id }) => id);

function modesIn(folder: string): Record<string, string> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => fs.statSync(join(folder, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [name, (fs.statSync(join(folder, name)).mode & 0o7777).toString(8)]),
  );
}

describe('fastcgi new', () => {
  it.each(ids)('writes %s, which our own checks and tests take without a word', async (id) => {
    const cwd = folderWith({});
    const { code, out, err } = await fastcgi(['new', id, 'a b/site'], { cwd });
    const first = id === 'php' ? 'check' : 'preflight';
    expect([code, err]).toEqual([0, `\nNext: fastcgi ${first}, fastcgi serve (in a b/site)\n`]);
    expect(out).toContain('a b/site/.htaccess\n');
    const site = join(cwd, 'a b/site');
    const checked = await fastcgi(['check'], { cwd: site });
    expect(checked).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d files? checked, nothing found\.$/m),
    });
    const tested = await fastcgi(['test'], { cwd: site });
    expect([tested.code, tested.out]).toEqual([0, expect.not.stringContaining('fail')]);
  });

  it.each(ids)('gives the files of %s their modes whatever the umask says', async (id) => {
    const cwd = folderWith({});
    const before = process.umask(0o077);
    try {
      await fastcgi(['new', id], { cwd });
    } finally {
      process.umask(before);
    }
    const expected = PROJECT_TEMPLATES.find((one) => one.id === id)?.files ?? [];
    expect(modesIn(cwd)).toEqual(
      Object.fromEntries(expected.map(({ path, mode }) => [path, mode.toString(8)])),
    );
  });

  it('gives each project a secret of its own', async () => {
    const secrets = [1, 2].map(async () => {
      const cwd = folderWith({});
      await fastcgi(['new', 'django'], { cwd });
      return /SECRET_KEY = '([0-9a-f]{64})'/.exec(
        fs.readFileSync(join(cwd, 'mysite/settings.py'), 'utf8'),
      )?.[1];
    });
    const [one, other] = await Promise.all(secrets);
    expect(one).toBeDefined();
    expect(one).not.toBe(other);
  });

  it('touches nothing where one of the files is there', async () => {
    const cwd = folderWith({ '.htaccess': 'mine', 'app.py': 'mine too' });
    const { code, out, err } = await fastcgi(['new', 'wsgi'], { cwd });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/There is already .htaccess and 1 more. Nothing was written./);
    expect(fs.readdirSync(cwd).sort()).toEqual(['.htaccess', 'app.py']);
    expect(fs.readFileSync(join(cwd, '.htaccess'), 'utf8')).toBe('mine');
  });

  it('takes a link that leads nowhere for a file that is there', async () => {
    const cwd = folderWith({});
    fs.symlinkSync('/nowhere/at/all', join(cwd, 'fcgi.py'));
    expect((await fastcgi(['new', 'wsgi'], { cwd })).code).toBe(1);
    expect(fs.readdirSync(cwd)).toEqual(['fcgi.py']);
  });

  it('ends where a folder cannot be made, which Node would try for ever below /proc', async () => {
    const file = join(folderWith({ file: 'x' }), 'file');
    const refused = [
      ['/proc/nowhere/site', 'there can be no folder of this name'],
      [join(file, 'site'), 'what should be its folder is a file'],
    ] as const;
    for (const [folder, why] of refused) {
      const { code, out, err } = await fastcgi(['new', 'wsgi', folder], { cwd: folderWith({}) });
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain(`The project cannot be written to ${folder}: ${why}. Name another folder.`);
    }
  });

  it('writes beside other files', async () => {
    const cwd = folderWith({ 'notes.txt': 'x' });
    expect((await fastcgi(['new', 'perl'], { cwd })).code).toBe(0);
  });
});
