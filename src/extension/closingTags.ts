import * as vscode from 'vscode';
import { CLOSING_TAG_REQUEST } from '../server/protocol';
import { DisposableStore } from './disposables';
import { LANGUAGES } from './manifest';

/** Asks the language server; undefined where it does not run. */
type Ask = (method: string, params: object) => Promise<string | null | undefined>;

/** Milliseconds after which the server has heard of a change: it is told in the same turn, by another listener. */
const HEARD = 50;

/** Puts the closing tag below when somebody presses Enter behind an opening tag: `htaccess.autoClosingTags`. */
export class ClosingTags {
  readonly #store = new DisposableStore();
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
    this.#store.add(vscode.workspace.onDidChangeTextDocument((event) => void this.#changed(event)));
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #changed({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const [change] = contentChanges;
    if (editor?.document !== document || change === undefined || contentChanges.length > 1) return;
    if (reason !== undefined || !isEnter(change) || !isHtaccess(document)) return;
    const settings = vscode.workspace.getConfiguration('htaccess', document);
    if (settings.get<boolean>('autoClosingTags') !== true) return;
    const { version } = document;
    await new Promise((resolve) => setTimeout(resolve, HEARD));
    if (document.version !== version) return;
    const position = new vscode.Position(change.range.start.line + 1, 0);
    const textDocument = { uri: document.uri.toString() };
    const tag = await this.#ask(CLOSING_TAG_REQUEST, { textDocument, position });
    if (typeof tag === 'string' && document.version === version)
      await insertBelow(editor, position.line, tag);
  }
}

/** One line end with the indentation that the editor puts behind it. */
function isEnter({ text, rangeLength }: vscode.TextDocumentContentChangeEvent): boolean {
  return rangeLength === 0 && /^\r?\n[ \t]*$/.test(text);
}

function isHtaccess({ languageId }: vscode.TextDocument): boolean {
  return languageId === LANGUAGES.htaccess || languageId === LANGUAGES.apacheconf;
}

/**
 * A snippet, because it alone leaves the cursor where it is in the same step: what is typed meanwhile stays in front of the
 * tag. One Undo takes the tag away. The line is written again with its indentation: what the editor put there by itself it
 * takes away when something else is written behind it.
 */
async function insertBelow(editor: vscode.TextEditor, line: number, tag: string): Promise<void> {
  const { range, text } = editor.document.lineAt(line);
  const snippet = new vscode.SnippetString().appendText(text).appendTabstop(0).appendText(`\n${tag}`);
  await editor.insertSnippet(snippet, range, {
    keepWhitespace: true,
    undoStopBefore: true,
    undoStopAfter: true,
  });
}
