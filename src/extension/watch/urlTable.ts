import * as vscode from 'vscode';
import type { UrlRow } from '../../panels/urls/messages';
import type { UrlEvaluator } from './evaluator';
import { casesOf, urlFilesOf } from './urlFiles';
import type { WatchedUrl } from './watchedUrl';

/** Rows beyond which the rest is only counted. */
const MOST_ROWS = 500;

/** The URLs of a folder's `*.urls` files with what becomes of each. */
export class UrlTable {
  readonly #evaluator: UrlEvaluator;
  #requests: readonly WatchedUrl[] = [];
  rows: readonly UrlRow[] = [];
  /** URLs that are not among the rows. */
  more = 0;

  constructor(evaluator: UrlEvaluator) {
    this.#evaluator = evaluator;
  }

  /** The request of a row. */
  requestOf(id: number): WatchedUrl | undefined {
    return this.#requests[id];
  }

  /** Asks for the outcomes anew. */
  async fill(folder: vscode.WorkspaceFolder): Promise<void> {
    const requests: WatchedUrl[] = [];
    const rows: UrlRow[] = [];
    let count = 0;
    for (const file of await urlFilesOf(folder)) {
      const cases = casesOf(file);
      count += cases.length;
      const some = cases.slice(0, MOST_ROWS - rows.length);
      if (some.length === 0) continue;
      const lines = some.map(({ written }) => written.line);
      const result = await this.#evaluator.runTests({ uri: file.uri.toString(), text: file.text, lines });
      const byLine = new Map(result?.results.map((one) => [one.line, one]));
      for (const { written, label } of some) {
        const one = byLine.get(written.line);
        const base = {
          id: rows.length,
          request: label,
          outcome: one?.actual ?? '',
          tone: toneOf(one?.actual),
        };
        rows.push(one ? { ...base, ok: one.ok, expected: one.expected } : base);
        requests.push({ uri: file.uri, request: written });
      }
    }
    this.#requests = requests;
    this.rows = rows;
    this.more = count - rows.length;
  }
}

/** By the status that an outcome begins with; none stands for 200. */
function toneOf(outcome = ''): UrlRow['tone'] {
  const status = /^\d{3}\b/.exec(outcome)?.[0];
  if (status === undefined || status.startsWith('2')) return 'answered';
  return status.startsWith('3') ? 'redirect' : 'error';
}
