import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { textOf } from '../remote/errors';

/** What one request to the site showed. */
export interface ProbeAnswer {
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** Value of the response header X-Fastcgi-Probe, which dispatchers made from our templates send: names process and start. */
  readonly identity: string | undefined;
  /** Why there was no answer. */
  readonly failure: string | undefined;
  readonly milliseconds: number;
}

/**
 * Asks the site once. The request carries `X-Fastcgi-Probe: 1`, and a query that no cache has seen. Never throws; gives up after
 * `timeout` milliseconds (15 s by default: a process that starts may take its time).
 */
export function probe(
  url: string,
  options: { timeout?: number; signal?: AbortSignal | undefined } = {},
): Promise<ProbeAnswer> {
  const started = performance.now();
  const answer = (rest: Partial<ProbeAnswer>): ProbeAnswer => ({
    status: undefined,
    identity: undefined,
    failure: undefined,
    milliseconds: Math.round(performance.now() - started),
    ...rest,
  });
  return new Promise((resolve) => {
    try {
      const address = new URL(url);
      address.searchParams.set('fastcgi-probe', Date.now().toString(36));
      const send = address.protocol === 'https:' ? secureRequest : plainRequest;
      const headers = { 'X-Fastcgi-Probe': '1', 'Cache-Control': 'no-cache', Connection: 'close' };
      const request = send(
        address,
        { method: 'GET', headers, ...(options.signal ? { signal: options.signal } : {}) },
        (response) => {
          const identity = response.headers['x-fastcgi-probe'];
          response.resume();
          response.once('close', () =>
            resolve(
              answer({
                status: response.statusCode,
                identity: Array.isArray(identity) ? identity[0] : identity,
              }),
            ),
          );
        },
      );
      request.setTimeout(options.timeout ?? 15_000, () => request.destroy(new Error('no answer in time')));
      request.once('error', (error) => resolve(answer({ failure: textOf(error) })));
      request.end();
    } catch (error) {
      resolve(answer({ failure: textOf(error) }));
    }
  });
}
