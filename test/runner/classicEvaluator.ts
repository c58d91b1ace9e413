import type { Outcome } from '../../src/apache/request/outcome';
import type { Site } from '../../src/apache/site';
import type { Evaluate } from '../../src/runner';

/**
 * What Apache does in the one layout that the runner's tests use, worked out by hand: `/project/...` goes to
 * project/dispatch.fcgi, `/NAME.fcgi/...` to that program, all else is a file. It lets the runner's own behaviour be
 * tested apart from the evaluator's.
 */
export const classicEvaluator: Evaluate = ({ request, site, documentRoot }) => {
  const [path = '/', query] = request.target.split('?');
  const uri = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const common = { query: query ?? null, documentRoot, site };
  const direct = /^(.*?\.fcgi)(\/.*)?$/.exec(uri);
  if (direct !== null)
    return script(direct[1] ?? '', direct[2] ?? null, { ...common, uri, redirectedFrom: null });
  if (/^\/project(?!\/static)\//.test(uri)) {
    const info = uri.slice('/project'.length);
    const target = `/project/dispatch.fcgi${info}`;
    return script('/project/dispatch.fcgi', info, {
      ...common,
      uri: target,
      redirectedFrom: { uri, query: common.query },
    });
  }
  return staticFile(uri, common);
};

interface Common {
  readonly query: string | null;
  readonly documentRoot: string;
  readonly site: Site;
}

function script(
  name: string,
  pathInfo: string | null,
  facts: Common & Pick<Outcome, 'uri' | 'redirectedFrom'>,
): Outcome {
  const file = facts.documentRoot + name;
  const base = {
    ...NOTHING,
    uri: facts.uri,
    query: facts.query,
    redirects: facts.redirectedFrom === null ? 0 : 1,
    redirectedFrom: facts.redirectedFrom,
    filename: file,
    pathInfo,
  };
  if (facts.site.stat(file) === undefined) return notFound(base);
  const env: Record<string, string> = facts.redirectedFrom !== null ? { REDIRECT_STATUS: '200' } : {};
  return { ...base, status: 200, env, answer: { kind: 'handler', file, handler: 'fcgid-script' } };
}

function staticFile(uri: string, facts: Common): Outcome {
  const file = facts.documentRoot + (uri === '/' ? '/index.html' : uri);
  const base = { ...NOTHING, uri, query: facts.query, filename: file };
  const kind = facts.site.stat(file)?.kind;
  if (kind === 'directory') return { ...base, answer: { kind: 'listing', file } };
  if (kind !== 'file') return notFound(base);
  const types: Record<string, string> = { html: 'text/html', css: 'text/css', txt: 'text/plain' };
  const contentType = types[file.split('.').at(-1) ?? ''] ?? null;
  return { ...base, answer: { kind: 'file', file, contentType } };
}

function notFound(base: Outcome): Outcome {
  return { ...base, status: 404, answer: { kind: 'error', message: null } };
}

const NOTHING: Outcome = {
  status: 200,
  location: null,
  answer: { kind: 'error', message: null },
  uri: '',
  filename: '',
  pathInfo: null,
  query: null,
  env: {},
  headers: [],
  redirects: 0,
  redirectedFrom: null,
  trace: [],
  logMessage: null,
};
