import type { Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { toDiagnostic, type Problem } from '../language';
import type { Analysis } from './analysis';

/** Milliseconds without a keystroke after which advice is given, too; longer for a text whose check takes its time. */
const QUIET = 150;
const QUIET_WHEN_LONG = 800;

/** Characters that make a text long. */
const LONG = 200_000;

/** Characters above which even the verdict waits for a pause. */
const TOO_LONG_AT_ONCE = 1_000_000;

type Timer = ReturnType<typeof setTimeout>;

/** What the checks of open documents need of the server. */
export interface OpenFilesOptions {
  readonly analysisOf: (uri: string) => Analysis | undefined;
  readonly publish: (uri: string, diagnostics: Diagnostic[], version: number) => void;
  /** Called when a document was checked whole: others may depend on it. */
  readonly checked: (uri: string) => void;
}

/** The problems of open documents: the verdict at once, where it is another one; with the advice after a pause. */
export class OpenFiles {
  readonly #options: OpenFilesOptions;
  readonly #pending = new Map<string, Timer>();
  /** Documents whose verdict is about to be given. */
  readonly #due = new Map<string, Timer>();
  /** The verdict that the editor shows, as JSON. */
  readonly #verdicts = new Map<string, string>();
  /** All that the editor shows, as JSON with the version. */
  readonly #shown = new Map<string, string>();

  constructor(options: OpenFilesOptions) {
    this.#options = options;
  }

  /** The text of a document is another one. */
  changed(document: TextDocument): void {
    const { uri } = document;
    const { length } = document.getText();
    this.#whenQuiet(uri, length > LONG ? QUIET_WHEN_LONG : QUIET, () => {
      this.check(uri);
      this.#options.checked(uri);
    });
    if (length <= TOO_LONG_AT_ONCE && !this.#due.has(uri))
      this.#due.set(
        uri,
        setTimeout(() => this.#giveVerdict(uri)),
      );
  }

  /** What a document depends on has changed: it is checked again, without haste. */
  surroundingsChanged(uri: string): void {
    if (!this.#pending.has(uri)) this.#whenQuiet(uri, QUIET, () => this.check(uri));
  }

  /** Verdict and advice, now. */
  check(uri: string): void {
    const analysis = this.#options.analysisOf(uri);
    if (analysis === undefined) return;
    const verdict = diagnosticsOf(analysis.verdict, uri);
    const diagnostics = diagnosticsOf(analysis.problems, uri);
    this.#verdicts.set(uri, JSON.stringify(verdict));
    const shown = JSON.stringify([analysis.version, diagnostics]);
    if (shown === this.#shown.get(uri)) return;
    this.#shown.set(uri, shown);
    this.#options.publish(uri, diagnostics, analysis.version);
  }

  closed(uri: string): void {
    clearTimeout(this.#pending.get(uri));
    clearTimeout(this.#due.get(uri));
    for (const known of [this.#pending, this.#due, this.#verdicts, this.#shown]) known.delete(uri);
  }

  dispose(): void {
    for (const timers of [this.#pending, this.#due]) {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    }
    this.#verdicts.clear();
    this.#shown.clear();
  }

  #whenQuiet(uri: string, quiet: number, run: () => void): void {
    clearTimeout(this.#pending.get(uri));
    const timer = setTimeout(() => {
      this.#pending.delete(uri);
      run();
    }, quiet);
    this.#pending.set(uri, timer);
  }

  #giveVerdict(uri: string): void {
    this.#due.delete(uri);
    const analysis = this.#options.analysisOf(uri);
    if (analysis === undefined) return;
    const diagnostics = diagnosticsOf(analysis.verdict, uri);
    const verdict = JSON.stringify(diagnostics);
    if (verdict === (this.#verdicts.get(uri) ?? '[]')) return;
    this.#verdicts.set(uri, verdict);
    this.#shown.delete(uri);
    this.#options.publish(uri, diagnostics, analysis.version);
  }
}

const diagnosticsOf = (problems: readonly Problem[], uri: string): Diagnostic[] =>
  problems.map((problem) => toDiagnostic(problem, uri));
