import type { TraceStep } from '../apache/request/trace';
import { directiveName, rewriteBlockOf, type SiteFile } from '../language';
import type { FileCoverage } from './evaluationProtocol';

/** Directives of which a person wants to know whether a test reaches them. */
const COUNTED = new Set(['rewriterule', 'redirect', 'redirectmatch', 'redirectpermanent', 'redirecttemp']);

/** Counts, for each rule of a site, the requests upon which it acted. */
export class RuleCoverage {
  readonly #counts = new Map<string, number>();

  /** Adds what one request did. */
  add(trace: readonly TraceStep[]): void {
    const acted = new Set<string>();
    for (const { file, line, event } of trace) {
      if (file === undefined || line === undefined || event?.result !== 'applied') continue;
      acted.add(keyOf(file, line));
    }
    for (const key of acted) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** The rules of these files, with their counts. */
  of(files: readonly SiteFile[]): FileCoverage[] {
    return files.flatMap(({ uri, directory, document }) => {
      const lines = document.entries
        .filter((entry) => COUNTED.has(directiveName(entry)))
        .map((entry) => ({
          first: (rewriteBlockOf(document, entry)?.conditions[0] ?? entry).line.firstLine,
          line: entry.line.line,
          count: this.#counts.get(keyOf(`${directory}.htaccess`, entry.line.line)) ?? 0,
        }));
      return lines.length === 0 ? [] : [{ uri, lines }];
    });
  }
}

const keyOf = (file: string, line: number): string => `${line} ${file}`;
