import { expect } from 'vitest';
import { advise, ADVICE, type Advice, type AdviceOptions } from '../../src/advice';
import { hostProfile, type HostProfile } from '../../src/apache/host';
import { memorySite, type MemoryEntry } from '../../src/apache/memorySite';
import { byteStringOfText } from '../../src/text/bytes';

/** What a test may say beside the text. */
export interface MarkedOptions extends Omit<AdviceOptions, 'site'> {
  readonly host?: Partial<HostProfile>;
  /** The files around it, relative to the tree. */
  readonly site?: Readonly<Record<string, MemoryEntry>>;
}

interface Mark {
  readonly code: string;
  readonly start: number;
  readonly end: number;
}

const MARK = /^( *)(\^+) ([a-z]+\.[a-z-]+)$/;

/** Takes the lines with `^^^ code` out of a text; each marks the line before it. */
function unmarked(text: string): { readonly source: string; readonly marks: readonly Mark[] } {
  const lines: string[] = [];
  const marks: Mark[] = [];
  let lineStart = 0;
  let next = 0;
  for (const line of text.split('\n')) {
    const found = MARK.exec(line);
    if (found === null) {
      lines.push(line);
      lineStart = next;
      next += byteStringOfText(line).length + 1;
      continue;
    }
    const [, blanks = '', arrows = '', code = ''] = found;
    marks.push({ code, start: lineStart + blanks.length, end: lineStart + blanks.length + arrows.length });
  }
  return { source: byteStringOfText(lines.join('\n')), marks };
}

/** The advice on a text without marks. */
export function adviceOn(source: string, options: MarkedOptions = {}): readonly Advice[] {
  const { host: partial, site, ...rest } = options;
  const host = hostProfile(partial);
  const files = site === undefined ? {} : { site: memorySite(site, { treeRoot: host.treeRoot }) };
  return advise(source, host, { ...rest, ...files });
}

/** Expects exactly the advice that is marked in the text, of all rules. Gives it, for a closer look. */
export function expectAdvice(text: string, options: MarkedOptions = {}): readonly Advice[] {
  const { source, marks } = unmarked(text);
  const found = adviceOn(source, options);
  const places = found.map(({ code, start, end }) => ({ code, start, end }));
  expect(places).toEqual([...marks].sort((a, b) => a.start - b.start));
  for (const { code } of marks) expect(ADVICE.map((rule) => rule.code)).toContain(code);
  return found;
}

/** The text after the first fix that was offered. */
export function fixed(text: string, options: MarkedOptions = {}): string {
  const { source } = unmarked(text);
  const fix = adviceOn(source, options).find((one) => one.fix !== undefined)?.fix;
  const edits = [...(fix?.edits ?? [])].sort((a, b) => b.start - a.start);
  return edits.reduce(
    (result, { start, end, text }) => result.slice(0, start) + text + result.slice(end),
    source,
  );
}
