/** One line of an ssh_config file: what it sets, and the text behind the keyword as written. */
export interface ConfigLine {
  /** Lower case. */
  readonly keyword: string;
  /** The arguments without their quotes; a comment behind them is left out. */
  readonly words: readonly string[];
  /** Everything behind the keyword, for settings that are commands. */
  readonly rest: string;
}

/** The line's keyword and arguments as OpenSSH splits them (ssh_config(5), readconf.c); undefined for a blank line or a comment. */
export function parseConfigLine(text: string): ConfigLine | undefined {
  const line = text.replace(/[ \t\r\n\f]+$/, '').replace(/^[ \t\r]+/, '');
  if (line === '' || line.startsWith('#')) return undefined;
  const [, keyword = '', rest = ''] = /^"?([^ \t\r="]*)"?[ \t\r]*(?:=[ \t\r]*)?(.*)$/s.exec(line) ?? [];
  return { keyword: keyword.toLowerCase(), words: splitWords(rest), rest };
}

/** Words between blanks; quotes of both kinds hold blanks together, `\` takes a quote, a backslash or a blank as it is, `#` begins a comment. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === ' ' || text[at] === '\t') at++;
    if (at >= text.length || text[at] === '#') return words;
    const word = readWord(text, at);
    words.push(word.text);
    at = word.end;
  }
}

function readWord(text: string, start: number): { text: string; end: number } {
  let word = '';
  let quote = '';
  let at = start;
  for (; at < text.length; at++) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (char === '\\' && next !== '' && (`'"\\`.includes(next) || (quote === '' && next === ' '))) {
      word += next;
      at++;
    } else if (quote === '' && (char === ' ' || char === '\t')) break;
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    else word += char;
  }
  return { text: word, end: at };
}

/** One criterion of a `Match` line. */
export interface MatchCriterion {
  /** Lower case: `host`, `user`, `all`... */
  readonly name: string;
  readonly negated: boolean;
  /** The argument; empty for the criteria that take none. */
  readonly value: string;
}

const withoutArgument = new Set(['all', 'canonical', 'final']);

/** The criteria of a `Match` line, whose names and arguments are divided by blanks or `=`. */
export function parseCriteria(text: string): MatchCriterion[] {
  const parts = [...text.matchAll(/"([^"]*)"|[^ \t="]+/g)].map((match) => match[1] ?? match[0]);
  const criteria: MatchCriterion[] = [];
  for (let at = 0; at < parts.length; at++) {
    const word = parts[at] ?? '';
    if (word.startsWith('#')) break;
    const negated = word.startsWith('!');
    const name = (negated ? word.slice(1) : word).toLowerCase();
    criteria.push({ name, negated, value: withoutArgument.has(name) ? '' : (parts[++at] ?? '') });
  }
  return criteria;
}
