import { relative, sep } from 'node:path';
import type { HostProfile } from '../apache/host';
import { evaluate } from '../apache/request';
import type { HttpRequest } from '../apache/request/outcome';
import { DiskSite } from '../runner/diskSite';
import { byteStringOfText } from '../text/bytes';
import { atMostOne, oneOf, readArguments, UsageError, type Command, type ExitCode } from './command';
import { outcomeAnswer } from './explainAnswer';
import { explainLineAnswerer } from './explainBatch';
import { explainText } from './explainText';
import { answerLines } from './jsonLines';
import type { Terminal } from './terminal';
import { namedSite } from './workspace';

const help = `Usage: fastcgi explain URL [--root DIR] [--method M] [--header 'K: V']... [--format text|json]
       fastcgi explain --batch

Shows what Apache would do with a request, step by step: which line of which .htaccess acts,
and who answers in the end. Nothing is started and nothing is sent.

  URL        a path as "/shop/item?id=1", or a whole address with http:// or https://
  --root     a folder with .vscode/fastcgi.json, or the folder that the web server shows as /
             (default: what .vscode/fastcgi.json here or above says; without one, the current folder)
  --method   GET if not given
  --header   a request header; may be repeated
  --format   text (default) or json
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
      batch: { type: 'boolean', default: false },
    });
    const url = atMostOne(positionals, 'URL');
    if (values.batch) {
      if (url !== undefined) throw new UsageError('--batch reads standard input and takes no URL.');
      return (await answerLines(terminal, explainLineAnswerer())) ? 0 : 1;
    }
    if (url === undefined) throw new UsageError('The URL is missing.');
    const format = oneOf('--format', values.format, ['text', 'json']);
    const asked = askedRequest(url, values.method, values.header);
    return explainOne(asked, { format, root: values.root }, terminal);
  },
};

interface AskedRequest {
  readonly request: HttpRequest;
  /** What the address says of the server. */
  readonly host: Partial<HostProfile>;
}

function explainOne(
  { request, host: asked }: AskedRequest,
  options: { readonly format: 'text' | 'json'; readonly root: string | undefined },
  terminal: Terminal,
): ExitCode {
  const { folder, documentRoot: rootFolder, project } = namedSite(options.root, terminal);
  const host = { ...project.host, ...asked };
  const { treeRoot } = host;
  const site = new DiskSite({ folder, treeRoot, cacheLife: 60_000 });
  const below = byteStringOfText(relative(folder, rootFolder).split(sep).join('/'));
  const documentRoot = below === '' ? treeRoot : `${treeRoot}/${below}`;
  const outcome = evaluate({ request: withHost(request, host), site, host, documentRoot });
  const title = `${request.method} ${request.target}`;
  if (options.format === 'json')
    terminal.out(`${JSON.stringify(outcomeAnswer(outcome, { treeRoot, trace: true }), undefined, 2)}\n`);
  else terminal.out(explainText(outcome, { title, treeRoot, colours: terminal.colours }));
  return outcome.status >= 400 ? 1 : 0;
}

/** Reads the command line's way to write a request. A whole address also names the server. */
function askedRequest(url: string, method: string, headerLines: readonly string[]): AskedRequest {
  const headers = headerLines.map(headerOf);
  const whole = /^(https?):\/\/([^/?#]*@)?([^/?#]+)([^#]*)/i.exec(url);
  if (whole === null && !url.startsWith('/')) {
    throw new UsageError(`A URL begins with "/", "http://" or "https://"; not "${url}".`);
  }
  const target = asSent(whole ? (whole[4] ?? '') : (url.split('#', 1)[0] ?? ''));
  const request = { method: method.toUpperCase(), target, headers };
  if (whole === null) return { request, host: {} };
  const named = headers.some(([name]) => name.toLowerCase() === 'host');
  const host = addressHost(whole[1] ?? 'http', whole[3] ?? '');
  return { request: named ? request : { ...request, headers: [['Host', whole[3] ?? ''], ...headers] }, host };
}

function addressHost(scheme: string, authority: string): Partial<HostProfile> {
  const https = scheme.toLowerCase() === 'https';
  const port = /:(\d{1,5})$/.exec(authority)?.[1];
  return { https, port: port === undefined ? (https ? 443 : 80) : Number(port) };
}

/** As a browser sends it: an empty path is `/`, blanks and characters beyond ASCII are percent-encoded. */
function asSent(target: string): string {
  const encoded = byteStringOfText(target).replaceAll(
    /[^\u0021-\u007E]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return encoded.startsWith('/') ? encoded : `/${encoded}`;
}

function headerOf(line: string): readonly [string, string] {
  const found = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\r\n]*)$/.exec(line);
  if (found === null) throw new UsageError(`--header takes "Name: value"; not "${line}".`);
  return [found[1] ?? '', byteStringOfText(found[2] ?? '').trimEnd()];
}

/** HTTP/1.1 wants a Host header: without one, that of the described server. */
function withHost(request: HttpRequest, host: HostProfile): HttpRequest {
  if (request.headers.some(([name]) => name.toLowerCase() === 'host')) return request;
  return { ...request, headers: [['Host', host.serverName], ...request.headers] };
}
