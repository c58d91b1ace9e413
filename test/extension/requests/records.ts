import { hostProfile, type HostProfile } from '../../../src/apache/host';
import { memorySite } from '../../../src/apache/memorySite';
import { evaluate } from '../../../src/apache/request';
import type { HttpRequest, Outcome } from '../../../src/apache/request/outcome';
import type { RequestRecord } from '../../../src/runner';

const NO_BODY = { bytes: new Uint8Array(), length: 0 };

/** A record of a request that went well, with what differs. */
export function record(some: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: 1,
    time: 0,
    milliseconds: 12.3,
    method: 'GET',
    target: '/page',
    protocol: 'HTTP/1.1',
    requestHeaders: [['Host', 'localhost:8400']],
    requestBody: NO_BODY,
    status: 200,
    responseHeaders: [],
    responseBody: NO_BODY,
    cut: false,
    dispatcher: null,
    pid: null,
    environment: [],
    errorOutput: '',
    failure: null,
    outcome: null,
    trace: [],
    ...some,
  };
}

/** A body that was kept whole. */
export function body(text: string) {
  const bytes = new Uint8Array(Buffer.from(text, 'latin1'));
  return { bytes, length: bytes.length };
}

/** A site in memory below `/work`, as the local runner sees one on disk. */
export function siteOf(files: Readonly<Record<string, string>>): {
  readonly host: HostProfile;
  readonly evaluate: (request: HttpRequest) => Outcome;
} {
  const host = hostProfile({ treeRoot: '/home/me' });
  const executable = Object.entries(files).map(([name, text]) => [name, { text, mode: 0o755 }] as const);
  const site = memorySite(Object.fromEntries(executable), { treeRoot: '/home/me' });
  return {
    host,
    evaluate: (request) => evaluate({ request, site, host, documentRoot: '/home/me', trace: true }),
  };
}
