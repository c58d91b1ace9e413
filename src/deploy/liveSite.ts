import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import type { HostProfile } from '../apache/host';
import type { AskedRequest, Seen } from '../urls';
import { lookup } from '../text/lookup';

/** What was given is no address of a site; the message says how one is written. */
export class AddressError extends Error {
  readonly reason = 'address';
}

/** Milliseconds after which an answer is given up, when nothing else is said. */
const TIME_LIMIT = 15_000;
/** Requests that are on their way at the same time. */
const IN_FLIGHT = 4;
/** Methods that change nothing (RFC 9110, section 9.2.1); others are not sent to a site that people use. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What the site answered, or why nothing was sent or nothing came. */
export type LiveAnswer =
  | { readonly kind: 'seen'; readonly seen: Seen }
  | { readonly kind: 'unsent'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/** How a site is asked. */
export interface LiveSiteOptions {
  /** Ends all requests. */
  readonly interrupted: AbortSignal;
  /** Milliseconds after which an answer is given up; 15 seconds when absent. */
  readonly timeLimit?: number;
}

/** A running site by its address. Every request goes there, whatever host a case names. */
export class LiveSite {
  /** Without a slash at the end. */
  readonly address: string;
  readonly #url: URL;
  readonly #interrupted: AbortSignal;
  readonly #timeLimit: number;

  /** Throws AddressError for what is no address of a site. */
  constructor(address: string, { interrupted, timeLimit = TIME_LIMIT }: LiveSiteOptions) {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
      throw new AddressError(`The address of a site is written https://www.example.com/; not "${address}".`);
    }
    if (url.pathname !== '/' || url.search !== '') {
      throw new AddressError(
        `The cases name whole paths, so the address must be ${url.origin}/ alone; not "${address}".`,
      );
    }
    this.#url = url;
    this.address = url.origin;
    this.#interrupted = interrupted;
    this.#timeLimit = timeLimit;
  }

  /** What the address says of the server: what a prediction must know. */
  get host(): Partial<HostProfile> {
    const isHttps = this.#url.protocol === 'https:';
    const port = this.#url.port === '' ? (isHttps ? 443 : 80) : Number(this.#url.port);
    return { serverName: this.#url.hostname, https: isHttps, port };
  }

  /** Sends all, a few at a time; the answers are in the order of the requests. */
  async askAll(requests: readonly AskedRequest[]): Promise<LiveAnswer[]> {
    const answers: LiveAnswer[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let at = next++; at < requests.length; at = next++) {
        answers[at] = await this.#ask(requests[at] as AskedRequest);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    return answers;
  }

  async #ask({ request, host }: AskedRequest): Promise<LiveAnswer> {
    if (!SAFE.has(request.method)) {
      return { kind: 'unsent', why: `${request.method} could change something on the site` };
    }
    if (host.https !== undefined && host.https !== (this.#url.protocol === 'https:')) {
      return {
        kind: 'unsent',
        why: `the case asks for ${host.https ? 'https' : 'http'}, the site is ${this.address}`,
      };
    }
    try {
      return { kind: 'seen', seen: await this.#send(request) };
    } catch (error) {
      return { kind: 'failed', why: whyFailed(error) };
    }
  }

  #silence(): Error {
    return new Error(`no answer within ${this.#timeLimit / 1000} seconds`);
  }

  /** One request on a connection of its own; the body is not read, a redirect is not followed. */
  #send({ method, target, headers }: AskedRequest['request']): Promise<Seen> {
    const named = headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
    const options: https.RequestOptions = {
      host: this.#url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: this.host.port,
      method,
      path: target,
      headers: [...(named === undefined ? ['Host', this.#url.host] : []), ...headers.flat()],
      agent: false,
      signal: AbortSignal.any([this.#interrupted, AbortSignal.timeout(this.#timeLimit)]),
      ...tlsName(named),
    };
    return new Promise((resolve, reject) => {
      const request = (this.#url.protocol === 'https:' ? https : http).request(options, (response) => {
        resolve(seenIn(response));
        response.destroy();
      });
      request.on('error', (error) => reject(isTimeout(error) ? this.#silence() : error));
      request.end();
    });
  }
}

/** Why a connection failed, by Node's code, in words for people; a certificate's fault has its own. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name could not be looked up; the network may be down',
  ECONNREFUSED: 'nothing listens at this address and port',
  ECONNRESET: 'the connection was closed without an answer',
};

function whyFailed(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code.startsWith('HPE_')) return `what came is no HTTP (${message})`;
  const reason = lookup(REASONS, code);
  return reason === undefined ? message : `${reason} (${code})`;
}

/** The name that a case asks by is also the one of the certificate; an address is none (RFC 6066, section 3). */
function tlsName(hostHeader: string | undefined): { readonly servername?: string } {
  const name = hostHeader?.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === undefined || isIP(name) !== 0 ? {} : { servername: name };
}

const isTimeout = (error: Error): boolean =>
  error.name === 'AbortError' && (error.cause as Error | undefined)?.name === 'TimeoutError';

function seenIn({ statusCode = 0, rawHeaders }: http.IncomingMessage): Seen {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  }
  const location = headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? null;
  return { status: statusCode, location, headers };
}
