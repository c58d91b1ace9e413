import { afterEach, describe, expect, it } from 'vitest';
import { findDispatcher } from '../../src/deploy/dispatcher';
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

  it('says that the folder is not there', async () => {
    const found = findDispatcher('/nowhere/site', { documentRoot: '.' });
    await expect(found).rejects.toMatchObject({ reason: 'no-such-file' });
  });
});
