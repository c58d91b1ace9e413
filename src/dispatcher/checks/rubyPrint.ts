import type { DispatcherCheck, Finding } from '../problem';
import { rubyLines } from '../ruby';

const SPEAKS =
  /\brequire(?:_relative)?[ (]+['"](?:[\w./]*\/)?fcgi(?:_server)?['"]|\bRack::Handler::FastCGI\b/;
const PRINTS = /^\s*(puts|print|printf|p|pp)(?=\s+["'\w:@$[]|\s*$|\()/;

/**
 * What a FastCGI program prints does not reach the visitor: Apache writes it into the main server's error log, without a
 * time, where many hosts do not show it. The page goes to `request.out`, or is what a Rack application gives back; words for
 * yourself go to `$stderr`, or to `request.err` while a request is answered.
 *
 * Bad: `puts 'starting'`. Good: `$stderr.puts 'starting'`.
 */
export const rubyPrint: DispatcherCheck = {
  code: 'ruby.print',
  title: 'Printing to standard output',
  severity: 'warning',
  check(file) {
    const code = rubyLines(file);
    if (code === undefined || !code.some(({ text }) => SPEAKS.test(text))) return undefined;
    const isRedirected = code.some(({ text }) =>
      /\$stdout\s*=|\$stdout\.reopen|\bdef\s+(?:puts|print|p)\b/i.test(text),
    );
    if (isRedirected) return undefined;
    return code.flatMap(({ text, line }): Finding[] => {
      const word = PRINTS.exec(text)?.[1];
      if (word === undefined || new RegExp(`^\\s*${word}\\s*(?:[-+*/|&]?=|\\.)`).test(text)) return [];
      const character = text.indexOf(word);
      const range = { start: { line, character }, end: { line, character: character + word.length } };
      const message =
        'Under FastCGI this goes to the main error log of the server and not to a visitor. Print to $stderr, or the page to request.out.';
      const isOwn = word === 'p' || word === 'pp';
      if (isOwn) return [{ message, range }];
      const change = { range: { start: range.start, end: range.start }, text: '$stderr.' };
      return [{ message, range, fix: { kind: 'change', title: 'Print to $stderr', changes: [change] } }];
    });
  },
};
