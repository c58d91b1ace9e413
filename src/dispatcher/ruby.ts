import type { DispatcherFile } from './file';
import { languageOf } from './language';
import { linesOf } from './python';

/** One line of code. */
export interface RubyLine {
  /** Without comment lines; strings are as they stand. */
  readonly text: string;
  /** Zero-based. */
  readonly line: number;
}

/** The lines of a Ruby script that hold code: no comments of whole lines, no text of here documents, nothing behind `__END__`. Undefined for others. */
export function rubyLines(file: DispatcherFile): readonly RubyLine[] | undefined {
  if (languageOf(file) !== 'ruby') return undefined;
  const code: RubyLine[] = [];
  const closers: string[] = [];
  let isComment = false;
  for (const { text, line } of linesOf(file.text)) {
    if (closers.length > 0) {
      if (text.trim() === closers[0]) closers.shift();
      continue;
    }
    if (text === '__END__') break;
    if (/^=begin\b/.test(text)) isComment = true;
    if (!isComment && !/^\s*#/.test(text)) {
      code.push({ text, line });
      for (const [, name] of text.matchAll(HERE)) closers.push(name ?? '');
    }
    if (/^=end\b/.test(text)) isComment = false;
  }
  return code;
}

/** The beginning of a here document. */
const HERE = /<<[~-]?["'`]?([A-Z_][A-Z0-9_]*)\b/g;

/** Whether a place in a line is surely none of a string or comment: nothing before it begins one. */
export function isPlainCode({ text }: RubyLine, at: number): boolean {
  return !/["'`#%/]/.test(text.slice(0, at));
}
