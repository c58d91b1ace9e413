import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDispatcher } from '../../src/dispatcher';
import { parseProject } from '../../src/project';
import { PROJECT_TEMPLATES, projectText, SECRET_MARK } from '../../src/project/templates';

const TEMPLATES = new URL('../../media/templates', import.meta.url).pathname;
const read = (source: string): string => fs.readFileSync(path.join(TEMPLATES, source), 'utf8');

describe('the table of templates', () => {
  it('names every file of media/templates, and no other', () => {
    const named = PROJECT_TEMPLATES.flatMap(({ files }) => files.map(({ source }) => source));
    const there = fs
      .readdirSync(TEMPLATES, { recursive: true, encoding: 'utf8' })
      .filter((name) => fs.statSync(path.join(TEMPLATES, name)).isFile());
    expect([...new Set(named)].sort()).toEqual(there.sort());
  });

  it('has names of its own', () => {
    expect(new Set(PROJECT_TEMPLATES.map(({ id }) => id)).size).toBe(PROJECT_TEMPLATES.length);
  });
});

describe.each(PROJECT_TEMPLATES)('the template $id', ({ files, opens }) => {
  it('writes no file twice, and holds the one that it opens', () => {
    const paths = files.map((file) => file.path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toContain(opens);
    expect(paths).toEqual(expect.arrayContaining(['.htaccess', '.vscode/fastcgi.json', 'site.urls']));
  });

  it('has LF only, a newline at each end, and no name of a secret', () => {
    for (const { source } of files) {
      const text = read(source);
      expect([source, /\r|[ \t]\n/.test(text)]).toEqual([source, false]);
      expect([source, text === '' || /[^\n]\n$/.test(text)]).toEqual([source, true]);
      expect(projectText(text, 'x')).not.toContain(SECRET_MARK);
    }
  });

  it('has dispatchers without a problem', () => {
    for (const { source, path: name, mode } of files.filter((file) => file.path.endsWith('.fcgi')))
      expect(checkDispatcher(Buffer.from(read(source)), { path: name, mode })).toEqual([]);
  });

  it('has a project file without a problem', () => {
    const file = files.find((one) => one.path === '.vscode/fastcgi.json');
    expect(parseProject(read(file?.source ?? '')).problems).toEqual([]);
  });
});
