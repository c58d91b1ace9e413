import {
  complete,
  documentHighlights,
  documentSymbols,
  foldingRanges,
  format,
  hover,
  lineMarks,
  HtaccessDocument,
  type FormatOptions,
} from '../../src/language';
import { hostProfile } from '../../src/apache/host';
import { memorySite } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';
import { costOf, rowsOf, runBench, type Report, type Round } from './measure';
import { editedInTheMiddle, manyRules } from './texts';

const RULES = 10_000;

/** Edits in a round: every one makes a document anew, as a keystroke does. */
const EDITS = 20;

const host = hostProfile();
const options: FormatOptions = { indent: '    ', arguments: 'align', finalNewline: true };
const LINE = RULES / 2;
const position = { line: LINE, character: 16 };

/** What an editor asks after a keystroke, by what it is called in the report. */
const FEATURES: Readonly<Record<string, (document: HtaccessDocument) => unknown>> = {
  completion: (document) => complete(document, { line: LINE, character: 3 }, { host, snippets: true }),
  hover: (document) => hover(document, position, host),
  symbols: (document) => documentSymbols(document),
  highlights: (document) => documentHighlights(document, position),
  folding: (document) => foldingRanges(document),
  'watching a URL': (document) => watch(document.source),
  'formatting of a line': (document) => format(document, options, { first: LINE, last: LINE }),
};

/** What "Watch a URL" asks for after a keystroke: the way of a request through all rules, and the marks of the lines on the screen. */
function watch(source: string): unknown {
  const site = memorySite({ '.htaccess': source, 'wanted.html': '' }, { treeRoot: host.treeRoot });
  const request = { method: 'GET', target: '/wanted.html', headers: [['Host', 'www.example.test']] as const };
  const isWatched = ({ line = 0 }) => line >= LINE && line <= LINE + 100;
  const { trace } = evaluate({ request, site, host, documentRoot: host.treeRoot, isWatched });
  const file = `${host.treeRoot}/.htaccess`;
  return lineMarks(trace, { file, treeRoot: host.treeRoot, first: LINE, last: LINE + 100 });
}

/** The same file as somebody left it who never heard of indentation. */
function untidy(text: string): string {
  const inside = text.replaceAll('\n', '  \n   ').trimEnd();
  return `<IfModule mod_rewrite.c>\n${inside}\n</IfModule>`;
}

function measure(count: number): Promise<Report> {
  const rounds = new Map<string, Round[]>(Object.keys(FEATURES).map((name) => [name, []]));
  const whole: Round[] = [];
  for (let round = 1; round <= count; round++) {
    const text = manyRules(RULES, round);
    for (const [name, feature] of Object.entries(FEATURES)) {
      for (let edit = 1; edit <= EDITS; edit++) {
        const edited = editedInTheMiddle(text, 'x'.repeat(edit));
        const ours = costOf(() => feature(new HtaccessDocument(edited)));
        rounds.get(name)?.push({ ours });
      }
    }
    const left = untidy(text);
    for (let time = 0; time < 3; time++) {
      const ours = costOf(() => format(new HtaccessDocument(left), options));
      whole.push({ ours });
    }
  }
  const atMost = (most: number) => ({
    text: `at most ${most} ms`,
    holds: ({ ours }: { readonly ours: number }) => ours <= most,
  });
  const rows = [...rounds].flatMap(([name, some]) =>
    rowsOf(`10,000 rules: ${name} after a keystroke`, some, atMost(16)),
  );
  return Promise.resolve({
    rows: [...rows, ...rowsOf('10,000 rules: formatting the whole file', whole, atMost(200))],
    remarks: ['each of them reads the whole text anew, as after a keystroke'],
  });
}

await runBench(measure);
