import { hostProfile, type HostProfile } from '../../../src/apache/host';
import { memorySite, type MemoryEntry } from '../../../src/apache/memorySite';
import { evaluate } from '../../../src/apache/request';
import type { Outcome } from '../../../src/apache/request/outcome';

/** 2024-01-01 00:00:00 UTC. */
export const NOW = 1_704_067_200;

/** What is asked of a site, beside the path. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly host?: Partial<HostProfile>;
  /** Beside the .htaccess at the root and `index.html`. */
  readonly files?: Readonly<Record<string, MemoryEntry>>;
}

/** What Apache does with a request to a site with this .htaccess at its root. */
export function answerOf(htaccess: string, target: string, asked: Asked = {}): Outcome {
  const host = hostProfile(asked.host);
  const files = { 'index.html': 'home', '.htaccess': htaccess, ...asked.files };
  const headers = { Host: 'www.example.test', ...asked.headers };
  return evaluate({
    request: { method: asked.method ?? 'GET', target, headers: Object.entries(headers) },
    site: memorySite(files, { treeRoot: host.treeRoot }),
    host,
    documentRoot: host.treeRoot,
    time: NOW,
  });
}

/** The response's headers that directives changed, by name; several of one name are joined with ` | `. */
export function headersOf(outcome: Outcome): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of outcome.headers) {
    headers[name] = headers[name] === undefined ? value : `${headers[name]} | ${value}`;
  }
  return headers;
}
