import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hostProfile } from '../../../src/apache/host';
import { diskFiles } from '../../../src/server/diskFiles';
import { Editor } from '../../server/editor';

/** What VS Code would have: the setting, the open folder, and its `*.urls` files. */
const state = vi.hoisted(() => ({ isOn: true as boolean, folder: '', urlFiles: [] as string[] }));

vi.mock('vscode', async () => {
  const { Emitter } = await import('vscode-languageserver');
  const { URI } = await import('vscode-uri');
  const listener = () => ({ dispose: () => undefined });
  const watcher = { onDidChange: listener, onDidCreate: listener, onDidDelete: listener, dispose: listener };
  const t = (text: string, ...values: unknown[]) =>
    text.replaceAll(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)]));
  return {
    EventEmitter: Emitter,
    Uri: URI,
    l10n: { t },
    Range: class {
      readonly line: number;
      constructor(line: number) {
        this.line = line;
      }
    },
    CodeLens: class {
      readonly shown: string;
      constructor({ line }: { line: number }, { title }: { title: string }) {
        this.shown = `${line + 1} ${title}`;
      }
    },
    RelativePattern: Emitter,
    languages: { registerCodeLensProvider: listener },
    workspace: {
      createFileSystemWatcher: () => watcher,
      onDidChangeConfiguration: listener,
      getConfiguration: () => ({ get: () => state.isOn }),
      getWorkspaceFolder: ({ path }: { path: string }) =>
        path.startsWith(state.folder) ? { uri: URI.file(state.folder) } : undefined,
      findFiles: () => Promise.resolve(state.urlFiles.map((path) => URI.file(path))),
      textDocuments: [],
      fs: { readFile: ({ fsPath }: { fsPath: string }) => Promise.resolve(readFileSync(fsPath)) },
    },
  };
});

const vscode = await import('vscode');
const { RuleLenses } = await import('../../../src/extension/watch/ruleLenses');
const { UrlEvaluator } = await import('../../../src/extension/watch/evaluator');

const RULES = 'RewriteEngine On\nRewriteCond %{HTTPS} off\nRewriteRule ^old$ /new [R]\nRedirect /gone /\n';

let language: Editor;

beforeEach(async () => {
  state.isOn = true;
  state.urlFiles = [];
  state.folder = mkdtempSync(join(tmpdir(), 'fastcgi-lenses-'));
  writeFileSync(join(state.folder, '.htaccess'), RULES);
  language = new Editor({ files: [diskFiles] });
  await language.start();
  await language.sendHosts(hostProfile(), { folder: pathToFileURL(state.folder).href });
});

afterEach(() => {
  language.dispose();
  rmSync(state.folder, { recursive: true });
});

function writeTests(name: string, text: string): void {
  const path = join(state.folder, name);
  writeFileSync(path, text);
  state.urlFiles.push(path);
}

/** `line title` of each lens. */
async function lenses(path = join(state.folder, '.htaccess')): Promise<string[]> {
  const request = (method: string, params: object) => language.askAny(method, params);
  const onDidStart = () => ({ dispose: () => undefined });
  const provider = new RuleLenses(new UrlEvaluator({ request, onDidStart } as never));
  const token = { isCancellationRequested: false };
  const found = await provider.provideCodeLenses({ uri: vscode.Uri.file(path) } as never, token as never);
  provider.dispose();
  return found.map((lens) => (lens as unknown as { shown: string }).shown);
}

test('says of each rule how many URL tests pass through it, over all files of them', async () => {
  writeTests('a.urls', '/old -> 302 /new\n/gone/x -> 302 /x\n');
  writeTests('b.urls', '/old -> 302 /new\n/other -> 404\n');
  expect(await lenses()).toEqual([
    '2 $(eye) Watch a URL',
    '2 2 of 4 URL tests pass through',
    '4 1 of 4 URL tests pass through',
  ]);
});

test('offers to watch a URL where there are no tests', async () => {
  expect(await lenses()).toEqual(['2 $(eye) Watch a URL']);
});

test('says nothing where the setting is off, without rules, and outside the open folder', async () => {
  writeTests('a.urls', '/old -> 302 /new\n');
  expect(await lenses('/elsewhere/.htaccess')).toEqual([]);
  state.isOn = false;
  expect(await lenses()).toEqual([]);
  state.isOn = true;
  expect(await lenses(join(state.folder, 'a.htaccess'))).toEqual([]);
});
