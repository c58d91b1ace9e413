import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { Diagnostic, Hover } from 'vscode-languageserver';
import { hostProfile } from '../../src/apache/host';
import { diskFiles } from '../../src/server/diskFiles';
import { Editor } from './editor';

/** Milliseconds in which an answer must be there; generous, for machines that are busy. */
const BOUND = 15_000;

const BAD: Readonly<Record<string, { readonly text: () => string; readonly code: string | undefined }>> = {
  '50 MB of rules': { text: () => 'RewriteRule ^a$ /b [L]\n'.repeat(2_200_000), code: 'file.too-large' },
  '50 MB in one line': { text: () => 'x'.repeat(50_000_000), code: 'file.too-large' },
  'a picture': {
    text: () =>
      `GIF89a\0\u0001${String.fromCharCode(...Array.from({ length: 2000 }, (_, at) => (at * 7919) % 256))}`,
    code: 'apache.invalid-command',
  },
  'only NUL bytes': { text: () => '\0'.repeat(100_000), code: 'file.not-text' },
  '100,000 unclosed sections': {
    text: () => '<IfModule mod_dir.c>\n'.repeat(90_000),
    code: undefined,
  },
  '90,000 sections that are not closed and not taken': {
    text: () => '<IfModule none>\n'.repeat(90_000),
    code: 'apache.section',
  },
  '60,000 nested <If>': { text: () => '<If "true">\n'.repeat(60_000), code: 'apache.section' },
  'a line that is too long': { text: () => `AddType ${'a'.repeat(9000)} b\n`, code: 'apache.line-too-long' },
  '1,900,000 characters of continued lines': {
    text: () => '# \\\n'.repeat(475_000),
    code: 'apache.line-too-long',
  },
  'lone surrogates': {
    text: () => 'AuthName \uD800\uDFFF\uDC00\nBogus \uD800',
    code: 'apache.invalid-command',
  },
};

let editor: Editor;
afterEach(() => editor.dispose());

const wordsOf = ({ message }: Diagnostic): string => (typeof message === 'string' ? message : message.value);

describe.each(Object.entries(BAD))('%s', (_name, { text, code }) => {
  test('in an open document: one readable message in bounded time, and the server goes on', async () => {
    editor = new Editor();
    await editor.start();
    const began = performance.now();
    const uri = 'file:///bad/.htaccess';
    await editor.open(text(), uri);
    const found = await editor.diagnosticsOf(uri);
    expect(performance.now() - began).toBeLessThan(BOUND);
    if (code !== undefined) expect(found.map((one) => one.code)).toContain(code);
    expect(found.length).toBeLessThanOrEqual(500);
    for (const message of found.map(wordsOf)) {
      expect(message.length).toBeLessThan(1200);
      expect(message).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    }
    const again = performance.now();
    await editor.ask<Hover>('textDocument/hover', { position: { line: 0, character: 2 } }, uri);
    await editor.ask('textDocument/documentSymbol', {}, uri);
    expect(performance.now() - again).toBeLessThan(BOUND);
  }, 60_000);

  test('in a file that nobody opened', async () => {
    const root = mkdtempSync(join(tmpdir(), 'fastcgi-bad-'));
    try {
      writeFileSync(join(root, '.htaccess'), text());
      editor = new Editor({ files: [diskFiles] });
      await editor.start();
      const folder = pathToFileURL(root).href;
      const began = performance.now();
      await editor.sendHosts(hostProfile(), { folder });
      const found = await editor.diagnosticsOf(`${folder}/.htaccess`);
      expect(performance.now() - began).toBeLessThan(BOUND);
      if (code !== undefined) expect(found.map((one) => one.code)).toContain(code);
    } finally {
      rmSync(root, { recursive: true });
    }
  }, 60_000);
});

test('a file that changes while it is read is judged as it is in the end', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fastcgi-bad-'));
  const folder = pathToFileURL(root).href;
  const uri = `${folder}/.htaccess`;
  try {
    writeFileSync(join(root, '.htaccess'), 'Bogus\n');
    editor = new Editor({ files: [diskFiles] });
    await editor.start();
    await editor.sendHosts(hostProfile(), { folder });
    for (let turn = 0; turn < 40; turn++) {
      writeFileSync(join(root, '.htaccess'), `${'# x\n'.repeat(turn * 1000)}Bogus${turn}\n`);
      await editor.changedOnDisk(uri);
    }
    let last = '';
    while (!last.includes('Bogus39')) last = (await editor.diagnosticsOf(uri)).map(wordsOf).join();
    expect(last).toContain("'Bogus39'");
  } finally {
    rmSync(root, { recursive: true });
  }
});
