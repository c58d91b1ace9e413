import * as vscode from 'vscode';
import { markText, type LineMark, type MarkTone } from '../../language';
import type { OutcomeTone } from '../../server/evaluationProtocol';
import { signOf } from './signs';

const COLOURS: Readonly<Record<MarkTone, string>> = {
  acted: 'charts.green',
  matched: 'editorCodeLens.foreground',
  missed: 'editorCodeLens.foreground',
  skipped: 'editorCodeLens.foreground',
  unreached: 'editorCodeLens.foreground',
  refused: 'charts.red',
};

const OUTCOME_COLOURS: Readonly<Record<OutcomeTone, string>> = {
  answered: 'charts.green',
  redirect: 'charts.blue',
  error: 'charts.red',
};

/** What stands at the end of the file. */
export interface OutcomeNote {
  readonly tone: OutcomeTone;
  readonly text: string;
}

/** Marks at the ends of lines, and signs beside their numbers: what a watched URL meets there. */
export class WatchDecorations {
  readonly #types: ReadonlyMap<MarkTone, vscode.TextEditorDecorationType>;
  readonly #outcome = vscode.window.createTextEditorDecorationType({ isWholeLine: true });

  constructor() {
    const tones = Object.keys(COLOURS) as MarkTone[];
    this.#types = new Map(tones.map((tone) => [tone, typeOf(tone)]));
  }

  /** Marks the lines of an editor, and nothing else in it. */
  show(editor: vscode.TextEditor, marks: readonly LineMark[], outcome: OutcomeNote): void {
    for (const [tone, type] of this.#types) {
      const own = marks.filter((mark) => mark.tone === tone && mark.line <= editor.document.lineCount);
      editor.setDecorations(
        type,
        own.map((mark) => markOf(editor.document, mark)),
      );
    }
    editor.setDecorations(this.#outcome, [outcomeOf(editor.document, outcome)]);
  }

  clear(editor: vscode.TextEditor): void {
    for (const type of [...this.#types.values(), this.#outcome]) editor.setDecorations(type, []);
  }

  dispose(): void {
    for (const type of [...this.#types.values(), this.#outcome]) type.dispose();
  }
}

/** Lines whose turn never came are grey, as unreachable code is. */
function typeOf(tone: MarkTone): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    light: { gutterIconPath: signOf(tone, 'light') },
    dark: { gutterIconPath: signOf(tone, 'dark') },
    gutterIconSize: 'contain',
    ...(tone === 'unreached' ? { opacity: '0.5' } : {}),
  });
}

function markOf(document: vscode.TextDocument, mark: LineMark): vscode.DecorationOptions {
  const { line, tone, texts, why } = mark;
  const { range } = document.lineAt(line - 1);
  const hoverMessage = new vscode.MarkdownString();
  for (const text of texts) hoverMessage.appendCodeblock(text, 'plaintext');
  if (why !== undefined) hoverMessage.appendText(why);
  if (texts.length === 0) return why === undefined ? { range } : { range, hoverMessage };
  const contentText = markText(mark, range.end.character);
  const color = new vscode.ThemeColor(COLOURS[tone]);
  return {
    range,
    hoverMessage,
    renderOptions: { after: { contentText, color, margin: '0 0 0 3em' } },
  };
}

function outcomeOf(document: vscode.TextDocument, { tone, text }: OutcomeNote): vscode.DecorationOptions {
  const range = document.lineAt(document.lineCount - 1).range;
  const color = new vscode.ThemeColor(OUTCOME_COLOURS[tone]);
  return {
    range,
    renderOptions: { after: { contentText: text, color, margin: '0 0 0 3em', fontWeight: 'bold' } },
  };
}
