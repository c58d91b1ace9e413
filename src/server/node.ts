import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { diskFiles } from './diskFiles';
import { LanguageServer } from './server';

// The entry for editors that start a process: the transport comes on the command line (--node-ipc, --stdio, --socket).
new LanguageServer(createConnection(ProposedFeatures.all), { files: [diskFiles] }).listen();
