import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { LanguageServer } from './server';
import { listWorkspaceFolder } from './workspaceFiles';

// The entry for editors that start a process: the transport comes on the command line (--node-ipc, --stdio, --socket).
new LanguageServer(createConnection(ProposedFeatures.all), { listFolder: listWorkspaceFolder }).listen();
