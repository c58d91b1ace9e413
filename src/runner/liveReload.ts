import type { HttpRequest } from '../apache/request/outcome';
import { headerOf } from '../apache/request/conditions';
import type { OutgoingHead } from './http/response';

/** What a browser says of a page that it is going to show; anything else is not for a person's eyes. */
const PAGES = new Set(['document', 'iframe', 'frame']);

/** Whether a person may be going to see the answer: a script that fetches, an image or the like says that it is one. */
export function mayBeSeen(request: HttpRequest): boolean {
  return PAGES.has(headerOf(request, 'sec-fetch-dest') ?? 'document');
}

/**
 * True where a script may follow an answer without harm: a whole HTML page that a browser shows, got by GET, not compressed, no part
 * of a range, without a digest of its content, and with a policy that lets the site's own scripts run and connect.
 */
export function mayCarryScript(request: HttpRequest, { status, headers }: OutgoingHead): boolean {
  if (request.method !== 'GET' || !PAGES.has(headerOf(request, 'sec-fetch-dest') ?? '')) return false;
  if (status < 200 || status === 204 || status === 206 || (status >= 300 && status < 400)) return false;
  const fields = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
  if (!/^text\/html\b/i.test(fields.get('content-type') ?? '')) return false;
  if ([...fields.keys()].some((name) => SEALED.has(name))) return false;
  const policies = headers.filter(([name]) => name.toLowerCase() === 'content-security-policy');
  return policies.every(([, value]) => value.split(',').every(allowsOwnScript));
}

/** Fields that would be wrong of a body with something behind it. */
const SEALED = new Set([
  'content-encoding',
  'content-range',
  'transfer-encoding',
  'content-md5',
  'digest',
  'content-digest',
  'repr-digest',
]);

/** Whether a Content-Security-Policy lets a script of the same origin run, and listen to the same origin. */
function allowsOwnScript(policy: string): boolean {
  const directives = new Map<string, readonly string[]>();
  for (const directive of policy.split(';')) {
    const [name = '', ...sources] = directive.trim().toLowerCase().split(/\s+/);
    // The first one of a name counts.
    if (name !== '' && !directives.has(name)) directives.set(name, sources);
  }
  const of = (...names: readonly string[]) =>
    names.map((name) => directives.get(name)).find((sources) => sources !== undefined);
  const scripts = of('script-src-elem', 'script-src', 'default-src');
  const connections = of('connect-src', 'default-src');
  const sandbox = directives.get('sandbox');
  const mayRun =
    sandbox === undefined || (sandbox.includes('allow-scripts') && sandbox.includes('allow-same-origin'));
  return (
    mayRun &&
    allowsOrigin(scripts) &&
    !(scripts?.includes("'strict-dynamic'") ?? false) &&
    allowsOrigin(connections)
  );
}

function allowsOrigin(sources: readonly string[] | undefined): boolean {
  return sources === undefined || sources.some((source) => source === "'self'" || source === '*');
}

/**
 * The script of a page that reloads itself. It listens only while it is seen: browsers keep few connections to one server, and a tab
 * that is shown again learns at once whether it is old.
 */
export function liveScript(address: string): string {
  return `(() => {
  let known, source;
  const renew = () => {
    for (const link of document.querySelectorAll('link[rel~=stylesheet][href]')) {
      const url = new URL(link.href);
      if (url.origin !== location.origin) continue;
      url.searchParams.set('_changed', Date.now());
      link.href = url.href;
    }
  };
  const listen = () => {
    source?.close();
    source = undefined;
    if (document.hidden) return;
    source = new EventSource(${JSON.stringify(address)});
    source.addEventListener('hello', ({ data }) => {
      if (known !== undefined && known !== data) location.reload();
      known = data;
    });
    source.addEventListener('page', () => location.reload());
    source.addEventListener('css', ({ data }) => { known = data; renew(); });
  };
  document.addEventListener('visibilitychange', listen);
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', ({ persisted }) => { if (persisted) listen(); });
  listen();
})();
`;
}
