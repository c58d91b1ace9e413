import * as vscode from 'vscode';
import { MEMORY_SCHEME, MemoryFiles } from './memoryFiles';

/** A site that is on no disk, with an error, advice, tests and a script. */
const FILES = {
  '/site/.vscode/fastcgi.json': '{ "host": { "apache": "2.4.37" } }',
  '/site/.htaccess': 'RewriteEngine On\nErrorDocument 404 /\nRewriteRule ^hello$ index.html\nRewriteRuel\n',
  '/site/older/.htaccess': 'RedirectRelative On\n',
  '/site/index.html': 'home',
  '/site/run.fcgi': '#!/usr/bin/perl\r\n',
  '/site/site.urls': '/hello -> file index.html\n/none -> 403\n',
};

/** Called by VS Code when somebody opens a folder of this scheme. */
export function activate(context: vscode.ExtensionContext): void {
  const files = new MemoryFiles(FILES);
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider(MEMORY_SCHEME, files));
}
