const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/** Offset of the end of a word that begins at `at`: its closing quote, or the next blank. A backslash hides blanks and quotes. */
function endOfWord(text: string, at: number, quote: string | undefined): number {
  let end = at;
  for (; end < text.length; end++) {
    if (text[end] === '\\' && /[ \t"']/.test(text[end + 1] ?? '')) {
      end += 1;
      continue;
    }
    if (quote === undefined ? isBlank(text[end]) : text[end] === quote) break;
  }
  return end;
}

/** The words of a command line, quotes and backslashes taken away (apr_tokenize_to_argv). */
export function splitCommandLine(text: string): string[] {
  const words: string[] = [];
  for (let at = 0; ;) {
    while (isBlank(text[at])) at += 1;
    if (at >= text.length) return words;
    const quote = text[at] === '"' || text[at] === "'" ? text[at] : undefined;
    const start = quote === undefined ? at : at + 1;
    const end = endOfWord(text, start, quote);
    words.push(text.slice(start, end).replaceAll(/\\(.?)/gs, '$1'));
    at = end + 1;
  }
}
