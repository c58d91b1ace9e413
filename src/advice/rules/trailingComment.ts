import { readWords, type Word } from '../../apache/syntax/words';
import type { ActiveDirective } from '../directives';
import type { AdviceFile } from '../file';
import type { AdviceRule, Finding } from '../rule';

/**
 * Apache knows comments only as whole lines. Behind the arguments of a directive `#` and every word after it are further
 * arguments. Most directives refuse them; those that take any number of arguments use them without a word: as file names,
 * extensions, variables, or as names of users who are let in.
 *
 * Bad:
 * ```apache
 * AddType text/html .page # our pages
 * ```
 *
 * Good:
 * ```apache
 * # our pages
 * AddType text/html .page
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/configuring.html#syntax
 */
export const trailingComment: AdviceRule = {
  code: 'syntax.trailing-comment',
  title: 'A comment at the end of a line is taken as arguments',
  severity: 'warning',
  *check(file) {
    for (const directive of file.directives) {
      if (!directive.args.includes('#') || !takesAnyNumber(directive)) continue;
      const words = readWords(directive.args);
      const comment = words.findIndex((word, at) => at > 0 && startsComment(directive, word, words[at + 1]));
      if (comment > 0) yield finding(file, directive, words[comment] as Word);
    }
  },
};

const ITERATING: ReadonlySet<string> = new Set(['ITERATE', 'ITERATE2', 'TAKE_ARGV']);
const RAW_LISTS: ReadonlySet<string> = new Set(['directoryindex', 'require']);
/** File name patterns such as `#*#` are usual here. */
const WITH_PATTERNS: ReadonlySet<string> = new Set(['indexignore', 'adddescription', 'addicon', 'addalt']);

function takesAnyNumber({ name, facts }: ActiveDirective): boolean {
  return ITERATING.has(facts?.args ?? '') || RAW_LISTS.has(name);
}

function startsComment({ name, args }: ActiveDirective, word: Word, next: Word | undefined): boolean {
  if (args[word.start] !== '#') return false;
  if (/^#+$/.test(word.value)) return !WITH_PATTERNS.has(name) || next !== undefined;
  return /^#+[A-Za-z]+:?$/.test(word.value) && !WITH_PATTERNS.has(name);
}

function finding(file: AdviceFile, directive: ActiveDirective, word: Word): Finding {
  const span = file.spanOf(directive, word.start, directive.args.length);
  const message = 'Apache has no comments at the end of a line: it takes these words as further arguments.';
  if (!directive.isLiteral || directive.line.line !== directive.line.firstLine) return { message, ...span };
  const { start: lineStart } = directive.line;
  const indent = file.indentOf(directive);
  const comment = `${indent}${file.source.slice(span.start, span.end)}${file.lineEnd}`;
  const before = file.source.slice(lineStart, span.start).trimEnd().length;
  const edits = [
    { start: lineStart, end: lineStart, text: comment },
    { start: lineStart + before, end: span.end, text: '' },
  ];
  return { message, ...span, fix: { title: 'Move the comment to a line of its own', edits } };
}
