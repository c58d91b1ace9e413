import * as vscode from 'vscode';
import { DisposableStore } from '../disposables';

const SCHEME = 'fastcgi-report';
const PAGE = vscode.Uri.from({ scheme: SCHEME, path: '/Dispatcher Check.md' });

/** Shows reports as pages: Markdown that VS Code itself renders, in one tab that the next report takes over. */
export class ReportPages {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<vscode.Uri>());
  #text = '';

  constructor() {
    const provider: vscode.TextDocumentContentProvider = {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: () => this.#text,
    };
    this.#store.add(vscode.workspace.registerTextDocumentContentProvider(SCHEME, provider));
  }

  dispose(): void {
    this.#store.dispose();
  }

  async show(markdown: string): Promise<void> {
    this.#text = markdown;
    this.#changed.fire(PAGE);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', PAGE);
    } catch {
      // Without VS Code's own Markdown extension the text itself is readable, too.
      await vscode.window.showTextDocument(PAGE, { preview: true });
    }
  }
}
