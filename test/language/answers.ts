import { hostProfile, type HostProfile } from '../../src/apache/host';
import { memorySite } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';
import { outcomeAnswer } from '../../src/cli/explainAnswer';
import type { OraclePair } from '../oracle/apache/oracle';

/** `status location` or `status file`, as our evaluation answers a request to the site www.example.test. */
export function answerOf({ files, request }: OraclePair, host: HostProfile = hostProfile()): string {
  const site = memorySite(files, { treeRoot: host.treeRoot });
  const headers = { Host: 'www.example.test', ...(request.headers as Record<string, string> | undefined) };
  const asked = { method: request.method ?? 'GET', target: request.target, headers: Object.entries(headers) };
  const outcome = evaluate({ request: asked, site, host, documentRoot: host.treeRoot, time: 1_764_000_000 });
  const { status, location, file } = outcomeAnswer(outcome, { treeRoot: host.treeRoot, trace: false }) as {
    status: number;
    location: string | null;
    file: string | null;
  };
  return [status, location ?? (status < 300 ? file : null)].filter((one) => one !== null).join(' ');
}
