import { apacheTraceLines } from './apacheTrace';
import { atMostOne, oneOf, readArguments, UsageError, type Command, type ExitCode } from './command';
import { outcomeAnswer } from './explainAnswer';
import { explainLineAnswerer } from './explainBatch';
import { explainText } from './explainText';
import { answerLines } from './jsonLines';
import { SiteEvaluator } from '../runner/siteEvaluator';
import type { Terminal } from './terminal';
import { askedRequest, type AskedRequest } from '../urls';
import { namedSite } from './workspace';

const help = `Usage: fastcgi explain URL [--root DIR] [--method M] [--header 'K: V']... [--format text|json]
                       [--trace apache]
       fastcgi explain --batch

Shows what Apache would do with a request, step by step: which line of which .htaccess acts,
and who answers in the end. Nothing is started and nothing is sent.

  URL        a path as "/shop/item?id=1", or a whole address with http:// or https://
  --root     a folder with .vscode/fastcgi.json, or the folder that the web server shows as /
             (default: what .vscode/fastcgi.json here or above says; without one, the current folder)
  --method   GET if not given
  --header   a request header; may be repeated
  --format   text (default) or json
  --trace    apache: nothing but the lines that Apache's own log would show at
             "LogLevel rewrite:trace8", behind time, process and client
  --batch    one JSON object per line on standard input, one answer per line, in order:
             {"id", "files", "documentRoot", "host"?, "request": {"method", "target", "headers"}, "trace"?}
             -> {"id", "status", "location", "uri", "answered", "file", ...};
             a line that cannot be understood is answered by {"id", "error"}

Exit code: 0 answered, 1 the answer is an error (status 400 and above; with --batch: a line
that could not be answered), 2 wrong usage.
`;

/** `fastcgi explain`: the way of one request, or of the lines of a batch. */
export const explain: Command = {
  name: 'explain',
  summary: 'what Apache does with a request, step by step',
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      root: { type: 'string' },
      method: { type: 'string', default: 'GET' },
      header: { type: 'string', multiple: true, default: [] },
      format: { type: 'string', default: 'text' },
      trace: { type: 'string' },
      batch: { type: 'boolean', default: false },
    });
    const url = atMostOne(positionals, 'URL');
    if (values.batch) {
      if (url !== undefined) throw new UsageError('--batch reads standard input and takes no URL.');
      return (await answerLines(terminal, explainLineAnswerer())) ? 0 : 1;
    }
    if (url === undefined) throw new UsageError('The URL is missing.');
    const format = oneOf('--format', values.format, ['text', 'json']);
    const asked = requestFrom(url, values.method, values.header);
    const apacheTrace = values.trace !== undefined && oneOf('--trace', values.trace, ['apache']) === 'apache';
    return explainOne(asked, { format, root: values.root, apacheTrace }, terminal);
  },
};

interface Wanted {
  readonly format: 'text' | 'json';
  readonly root: string | undefined;
  /** Only mod_rewrite's own lines, as Apache's log shows them at trace8. */
  readonly apacheTrace: boolean;
}

function explainOne(
  asked: AskedRequest,
  { format, root, apacheTrace }: Wanted,
  terminal: Terminal,
): ExitCode {
  const evaluator = new SiteEvaluator(namedSite(root, terminal));
  const outcome = evaluator.outcome(asked);
  const { treeRoot } = evaluator;
  const { method, target } = asked.request;
  if (apacheTrace) terminal.out(apacheTraceLines(outcome.trace, evaluator.connectionOf(asked)));
  else if (format === 'json') {
    terminal.out(`${JSON.stringify(outcomeAnswer(outcome, { treeRoot, trace: true }), undefined, 2)}\n`);
  } else {
    const lineOf = (file: string, line: number): string => evaluator.lineOf(file, line);
    const title = `${method} ${target}`;
    terminal.out(explainText(outcome, { title, treeRoot, colours: terminal.colours, lineOf }));
  }
  return outcome.status >= 400 ? 1 : 0;
}

/** Reads the command line's way to write a request. A whole address also names the server. */
function requestFrom(url: string, method: string, headerLines: readonly string[]): AskedRequest {
  const headers = headerLines.map(headerOf);
  const asked = askedRequest({ method: method.toUpperCase(), url, headers });
  if (asked !== undefined) return asked;
  throw new UsageError(`A URL begins with "/", "http://" or "https://"; not "${url}".`);
}

function headerOf(line: string): { readonly name: string; readonly value: string } {
  const found = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\r\n]*)$/.exec(line);
  if (found === null) throw new UsageError(`--header takes "Name: value"; not "${line}".`);
  return { name: found[1] ?? '', value: (found[2] ?? '').trimEnd() };
}
