import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { diskFiles } from './diskFiles';
import { LanguageServer } from './server';

/** Serves one editor over standard input and output. The process ends when the editor says so, or is gone. */
export function serveOverStdio(): void {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  new LanguageServer(connection, { files: [diskFiles] }).listen();
}
