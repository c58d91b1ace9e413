import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { folderWith } from './folder';
import { fastcgi } from './testTerminal';

const ROOT = new URL('../../', import.meta.url);
const CLASSIC = new URL('test/sites/classic', ROOT).pathname;

/** What a page shows below `$ fastcgi …`. */
function shownBelow(page: string, command: string): string | undefined {
  const text = readFileSync(new URL(page, ROOT), 'utf8');
  const at = text.indexOf(`$ ${command}\n`);
  return at < 0 ? undefined : text.slice(at + command.length + 3, text.indexOf('```', at));
}

describe('what the documentation shows of a command is what it prints', () => {
  test('explain', async () => {
    const { out } = await fastcgi(['explain', '/project/hello?x=1'], { cwd: CLASSIC });
    expect(shownBelow('docs/explain.md', "fastcgi explain '/project/hello?x=1'")).toBe(out);
  });

  test('check', async () => {
    const cwd = folderWith({ 'project/.htaccess': 'RewriteEngine On\nRewriteRuel ^ x\n' });
    expect(shownBelow('README.md', 'fastcgi check')).toBe((await fastcgi(['check'], { cwd })).out);
  });
});
