import { request as plainRequest, type IncomingHttpHeaders } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import { connect as connectTls, type PeerCertificate } from 'node:tls';
import type { Answer, Certificate } from '../diagnosis';

/** Milliseconds after which an answer is given up: mod_fcgid waits up to 64 s before it starts a program again that ended often (measured). */
const LIMIT = 70_000;
/** Milliseconds for a connection. */
const CONNECT_LIMIT = 20_000;

/** What came of one request; headers by their names in lower case. */
export interface WebAnswer {
  /** Null where no answer came. */
  readonly status: number | null;
  readonly headers: IncomingHttpHeaders;
  readonly failure: Answer['failure'];
  readonly milliseconds: number;
}

/** Asks for one address; a redirect is not followed, a body not kept. Never throws. */
export async function ask(
  url: string,
  signal: AbortSignal,
): Promise<Omit<Answer, 'again' | 'predicted' | 'origin'>> {
  const { headers, ...answer } = await request(url, signal);
  const { location = null, server = null, 'content-type': contentType = null } = headers;
  return { ...answer, url, location, server: typeof server === 'string' ? server : null, contentType };
}

/** The same, with all headers. */
export function request(url: string, signal: AbortSignal): Promise<WebAnswer> {
  const started = performance.now();
  const answer = (rest: Partial<WebAnswer>): WebAnswer => ({
    status: null,
    headers: {},
    failure: null,
    milliseconds: Math.round(performance.now() - started),
    ...rest,
  });
  return new Promise((resolve) => {
    const send = url.startsWith('https:') ? secureRequest : plainRequest;
    const headers = { 'Cache-Control': 'no-cache', 'User-Agent': 'fastcgi-doctor' };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]);
    const sent = send(new URL(url), { method: 'GET', headers, agent: false, signal: limit }, (response) => {
      const { statusCode = null, headers: got } = response;
      response.destroy();
      resolve(answer({ status: statusCode, headers: got }));
    });
    const unconnected = setTimeout(() => sent.destroy(new UnansweredError()), CONNECT_LIMIT);
    sent.once('socket', (socket) => socket.once('connect', () => clearTimeout(unconnected)));
    sent.once('close', () => clearTimeout(unconnected));
    sent.once('error', (error) => resolve(answer({ failure: failureOf(error) })));
    sent.end();
  });
}

/** No connection in time. */
class UnansweredError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor() {
    super(`no connection within ${CONNECT_LIMIT / 1000} seconds`);
  }
}

function failureOf(error: Error & { code?: string }): { code: string; message: string } {
  // The connection was there by then.
  if (error.name === 'AbortError' || error.name === 'TimeoutError')
    return { code: 'silent', message: `no answer within ${LIMIT / 1000} seconds` };
  return { code: error.code ?? error.name, message: error.message };
}

/** The certificate of a site, trusted or not; null for a site without TLS or one that shows none. Never throws. */
export function certificateOf(url: string, signal: AbortSignal): Promise<Certificate | null> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:') return Promise.resolve(null);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const socket = connectTls({
      host,
      port: port === '' ? 443 : Number(port),
      // It is looked at, not trusted: nothing is sent over this connection.
      rejectUnauthorized: false,
      ...(isIP(host) === 0 && { servername: host }),
    });
    const finish = (certificate: Certificate | null) => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(certificate);
    };
    const stop = () => finish(null);
    signal.addEventListener('abort', stop, { once: true });
    socket.setTimeout(10_000, stop);
    socket.once('error', stop);
    socket.once('secureConnect', () => finish(viewOf(socket.getPeerCertificate())));
  });
}

function viewOf(certificate: PeerCertificate): Certificate | null {
  if (Object.keys(certificate).length === 0) return null;
  const names = (certificate.subjectaltname ?? '')
    .split(', ')
    .flatMap((one) => /^(?:DNS|IP Address):(.+)$/.exec(one)?.[1] ?? []);
  const { CN: common } = certificate.subject;
  const { O: organisation, CN: issuer } = certificate.issuer;
  const first = (value: string | string[] | undefined): string =>
    Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
  return {
    names: names.length > 0 ? names : [first(common)],
    issuer: first(organisation) || first(issuer),
    validFrom: Date.parse(certificate.valid_from) / 1000,
    validTo: Date.parse(certificate.valid_to) / 1000,
  };
}
