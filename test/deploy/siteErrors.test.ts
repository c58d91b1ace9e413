import { afterEach, describe, expect, it } from 'vitest';
import { siteErrors } from '../../src/deploy/siteErrors';
import { DEFAULT_PROJECT } from '../../src/project';
import { makeTree } from './site';

const { host } = DEFAULT_PROJECT;
const SHEBANG = '#!/usr/bin/env python3\n';
let remove: (() => void) | undefined;

function tree(files: Readonly<Record<string, string>>): string {
  const made = makeTree(files);
  remove = made.remove;
  return made.root;
}

afterEach(() => remove?.());

describe('siteErrors', () => {
  it('has nothing against a good site', async () => {
    const root = tree({ '.htaccess': 'RewriteEngine On\n', 'dispatch.fcgi': `${SHEBANG}print()\n` });
    expect(await siteErrors(root, { ignore: [], host })).toEqual([]);
  });

  it("tells what Apache refuses, with Apache's words, file and line", async () => {
    const root = tree({ 'a/.htaccess': '# comment\nRewritEngine On\n', '.htaccess': '' });
    const [error, ...others] = await siteErrors(root, { ignore: [], host });
    expect(error).toMatchObject({ file: 'a/.htaccess', line: 2, code: 'apache.refused' });
    expect(error?.message).toMatch(/^Apache answers 500: Invalid command 'RewritEngine'/);
    expect(others).toEqual([]);
  });

  it('tells of every broken file, in the order of their paths', async () => {
    const root = tree({ 'b/.htaccess': 'Foo\n', 'a/.htaccess': 'Foo\n', '.htaccess': 'Foo\n' });
    const files = (await siteErrors(root, { ignore: [], host })).map(({ file }) => file);
    expect(files).toEqual(['.htaccess', 'a/.htaccess', 'b/.htaccess']);
  });

  it('tells of a dispatcher that cannot be started', async () => {
    const root = tree({ 'dispatch.fcgi': 'print()\n' });
    const [error] = await siteErrors(root, { ignore: [], host });
    expect(error).toMatchObject({ file: 'dispatch.fcgi', line: 1 });
    expect(error?.code).toMatch(/^dispatcher\./);
  });

  it('keeps quiet about what the upload itself puts right', async () => {
    const crlf = `\uFEFF${SHEBANG}print()\n`.replaceAll('\n', '\r\n');
    const root = tree({ 'dispatch.fcgi': crlf });
    expect(await siteErrors(root, { ignore: [], host })).toEqual([]);
  });

  it('looks only at what is uploaded', async () => {
    const root = tree({ 'old/.htaccess': 'Foo\n', '.git/.htaccess': 'Foo\n', 'htaccess.txt': 'Foo\n' });
    expect(await siteErrors(root, { ignore: ['old/'], host })).toEqual([]);
  });

  it('knows the files that are uploaded, and not what else may be there', async () => {
    const text = '<IfFile /site/web/on>\nBogus\n</IfFile>\n<IfFile /site/web/off>\nOther\n</IfFile>\n';
    const root = tree({ 'a/.htaccess': text, on: '', 'b/.htaccess': 'FcgidWrapper /site/elsewhere/php\n' });
    const [error, ...others] = await siteErrors(root, { ignore: [], host, documentRoot: 'web' });
    expect(error).toMatchObject({ file: 'a/.htaccess', line: 2 });
    expect(others).toEqual([]);
  });

  it('judges for the described host', async () => {
    const root = tree({ '.htaccess': 'RewriteEngine On\n' });
    const without = { ...host, modules: ['core', 'http_core'] };
    expect(await siteErrors(root, { ignore: [], host: without })).toHaveLength(1);
  });
});
