import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findDispatcher } from '../../src/deploy/dispatcher';
import { listLocal, scanLocal } from '../../src/deploy/scan';
import { makeTree } from './site';

let remove: (() => void) | undefined;

function tree(...paths: string[]): string {
  const made = makeTree(Object.fromEntries(paths.map((path) => [path, ''])));
  remove = made.remove;
  return made.root;
}

afterEach(() => remove?.());

describe('findDispatcher', () => {
  it('finds the one .fcgi file, however deep', async () => {
    const root = tree('index.html', 'a/b/app.fcgi');
    expect(await findDispatcher(root, { documentRoot: '.' })).toBe('a/b/app.fcgi');
  });

  it('prefers dispatch.fcgi to others, and higher folders to deeper ones', async () => {
    const root = tree('app.fcgi', 'a/b/dispatch.fcgi', 'a/dispatch.fcgi');
    expect(await findDispatcher(root, { documentRoot: '.' })).toBe('a/dispatch.fcgi');
  });

  it('does not take a file that only ends like dispatch.fcgi for it', async () => {
    const root = tree('a/b/dispatch.fcgi', 'mydispatch.fcgi');
    expect(await findDispatcher(root, { documentRoot: '.' })).toBe('a/b/dispatch.fcgi');
  });

  it('gives nothing where there is none', async () => {
    expect(await findDispatcher(tree('index.html'), { documentRoot: '.' })).toBeUndefined();
  });

  it('does not look where nothing is uploaded from', async () => {
    const root = tree('.git/dispatch.fcgi', '.vscode/app.fcgi');
    expect(await findDispatcher(root, { documentRoot: '.' })).toBeUndefined();
  });

  it('takes the named one, relative to the document root', async () => {
    const root = tree('dispatch.fcgi');
    expect(await findDispatcher(root, { documentRoot: '.', dispatcher: 'own/app.fcgi' })).toBe(
      'own/app.fcgi',
    );
    expect(await findDispatcher(root, { documentRoot: 'public', dispatcher: 'public/own/app.fcgi' })).toBe(
      'own/app.fcgi',
    );
  });

  it.each(['app.fcgi', 'publication/app.fcgi'])(
    'refuses %s outside the document root',
    async (dispatcher) => {
      const found = findDispatcher(tree(), { documentRoot: 'public', dispatcher });
      await expect(found).rejects.toMatchObject({ reason: 'configuration' });
    },
  );

  it.skipIf(process.platform === 'win32')(
    'passes over a folder that may not be read, where an upload says so, as of files',
    async () => {
      const root = tree('a/app.fcgi', 'locked/dispatch.fcgi', 'secret.txt');
      const locked = path.join(root, 'locked');
      chmodSync(root, 0o755);
      chmodSync(locked, 0);
      chmodSync(path.join(root, 'secret.txt'), 0);
      // Root may read everything.
      const user = process.getuid?.() === 0 ? 65_534 : undefined;
      if (user !== undefined) process.seteuid?.(user);
      try {
        expect(await findDispatcher(root, { documentRoot: '.' })).toBe('a/app.fcgi');
        await expect(listLocal(root)).rejects.toThrow(`The local folder ${locked} may not be read by you.`);
        await expect(scanLocal(root, ['locked'])).rejects.toThrow(
          `The local file ${path.join(root, 'secret.txt')} may not be read by you.`,
        );
      } finally {
        if (user !== undefined) process.seteuid?.(0);
        chmodSync(locked, 0o755);
      }
    },
  );

  it.skipIf(process.platform !== 'linux')(
    'leaves out a file whose name is not UTF-8, and says so',
    async () => {
      const root = tree('app.fcgi', 'odd\uFFFD.txt');
      writeFileSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9])]), '');
      const { files, notes } = await scanLocal(root);
      expect([...files.keys()].sort()).toEqual(['app.fcgi', 'odd\uFFFD.txt']);
      expect(notes).toEqual(['caf\uFFFD was left out, as its name is not UTF-8. Give it another one.']);
    },
  );

  it('says that the folder is not there', async () => {
    const found = findDispatcher('/nowhere/site', { documentRoot: '.' });
    await expect(found).rejects.toMatchObject({ reason: 'no-such-file' });
  });
});
