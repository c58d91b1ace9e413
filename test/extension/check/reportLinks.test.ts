import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const folders: { uri: { scheme: string; fsPath: string } }[] = [];

vi.mock('vscode', () => ({ workspace: { workspaceFolders: folders } }));

const { reportLinks } = await import('../../../src/extension/check/reportLinks');

describe('the links of a report', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'report-'));
    mkdirSync(path.join(folder, 'site/a b'), { recursive: true });
    for (const name of ['site/app.py', 'site/a b/ü#.py', 'outside.py'])
      writeFileSync(path.join(folder, name), '');
    folders.push({ uri: { scheme: 'file', fsPath: path.join(folder, 'site') } });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('lead to files of the workspace that are there, once each', () => {
    const site = path.join(folder, 'site');
    const output = `  File "${site}/app.py", line 3, in x
  File "app.py", line 3, in x
  File "${site}/a b/ü#.py", line 14, in y
  File "${site}/gone.py", line 1, in y
  File "${folder}/outside.py", line 1, in y
  File "/usr/lib/python3/os.py", line 1, in y
  File "<string>", line 1, in y
`;
    expect(reportLinks(output, site)).toEqual([
      { label: 'app.py:3', address: '/app.py#L3' },
      { label: 'a b/ü#.py:14', address: '/a%20b/%C3%BC%23.py#L14' },
    ]);
  });

  it('are none where the workspace is on no disk', () => {
    folders.unshift({ uri: { scheme: 'memory', fsPath: '/site' } });
    expect(reportLinks(`File "${folder}/site/app.py", line 3`, folder)).toEqual([]);
    folders.shift();
  });
});
