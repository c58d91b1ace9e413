import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser';
import { LanguageServer } from './server';

// The entry for editors in a browser: a worker that its page talks to. All files come from the editor.
const reader = new BrowserMessageReader(self);
const writer = new BrowserMessageWriter(self);
new LanguageServer(createConnection(ProposedFeatures.all, reader, writer)).listen();
