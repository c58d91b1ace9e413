import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { keepCodeSoon } from '../codeCache/keepCode';
import { diskFiles } from './diskFiles';
import { LanguageServer } from './server';

// The entry for editors that start a process: the transport comes on the command line (--node-ipc, --stdio, --socket).
new LanguageServer(createConnection(ProposedFeatures.all), { files: [diskFiles] }).listen();
// The first files are checked by then.
keepCodeSoon('start', 5000);
