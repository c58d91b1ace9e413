import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostProfile } from '../../src/apache/host';
import { memorySite } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';
import { hasApache, startApache, type ApacheServer } from '../oracle/apache';
import { KeptConnection, type HttpAnswer } from '../oracle/apache/connection';
import { costOf, costOfChildren, per, rowsOf, runBench, type Aim, type Report, type Round } from './measure';
import { manyRules } from './texts';

const PAGE = 'a static page\n';

/** One measurement: a .htaccess, a request, how often it is made in a round. */
interface Case {
  readonly name: string;
  readonly htaccess: string;
  readonly target: string;
  readonly status: number;
  readonly requests: number;
  readonly aim: Aim;
}

const timesFaster = (times: number): Aim => ({
  text: times === 1 ? 'no slower than Apache' : `${times} × faster than Apache`,
  holds: ({ ratio }) => (ratio === undefined ? undefined : ratio <= 1 / times),
});

const lastRuleMatches = (rules: number, requests: number, aim: Aim): Case => ({
  name: `${rules.toLocaleString('en')} rules, the last one matches`,
  htaccess: `${manyRules(rules - 1, 7)}RewriteRule ^wanted/([a-z]+)$ $1.html [L]\n`,
  target: '/wanted/page',
  status: 200,
  requests,
  aim,
});

const CASES: readonly Case[] = [
  lastRuleMatches(10, 2000, timesFaster(1)),
  lastRuleMatches(1000, 300, timesFaster(20)),
  lastRuleMatches(10_000, 40, timesFaster(20)),
  {
    name: '10,000 rules, each begins like the address',
    htaccess: `${manyRules(9999, 7)}RewriteRule ^(?:shop/)?topic-7-[0-9]+/archive-wanted/([a-z]+)$ $1.html [L]\n`,
    target: '/topic-7-1234567890/archive-wanted/page',
    status: 200,
    requests: 40,
    aim: timesFaster(1),
  },
  {
    name: 'a pattern that backtracks without end',
    htaccess: 'RewriteEngine On\nRewriteRule ^(a+)+$ page.html [L]\n',
    target: `/${'a'.repeat(40)}!`,
    status: 404,
    requests: 1,
    aim: { text: 'ends within 5 s', holds: ({ ours }) => ours <= 5000 },
  },
];

/** Our side of a case: the site in memory, its .htaccess parsed once, no trace. */
function ownRequests({ htaccess, target, status }: Case): (times: number) => void {
  const host = hostProfile();
  const site = memorySite({ '.htaccess': htaccess, 'page.html': PAGE }, { treeRoot: host.treeRoot });
  const headers = [['Host', 'www.example.test']] as const;
  const input = { request: { method: 'GET', target, headers }, site, host, documentRoot: host.treeRoot };
  return (times) => {
    for (let done = 0; done < times; done++) {
      const outcome = evaluate({ ...input, trace: false });
      if (outcome.status !== status) throw new Error(`${target} answered ${outcome.status}, not ${status}`);
    }
  };
}

/** Apache's side: a real folder, one kept-alive connection. */
class ApacheSide {
  readonly #server: ApacheServer;
  readonly #root: string;
  readonly #connection: KeptConnection;

  private constructor(server: ApacheServer, root: string) {
    this.#server = server;
    this.#root = root;
    this.#connection = new KeptConnection(server.port);
  }

  static async start(): Promise<ApacheSide> {
    const root = mkdtempSync(join(tmpdir(), 'fastcgi-bench-'));
    chmodSync(root, 0o755);
    writeFileSync(join(root, 'page.html'), PAGE);
    return new ApacheSide(await startApache({ documentRoot: root, ownFolders: [root] }), root);
  }

  async round({ htaccess, target, status, requests }: Case): Promise<Round['peer']> {
    writeFileSync(join(this.#root, '.htaccess'), htaccess);
    const bytes = Buffer.from(`GET ${target} HTTP/1.1\r\nHost: www.example.test\r\n\r\n`);
    await this.#request(bytes);
    const cost = await costOfChildren(this.#server.pid, async () => {
      for (let done = 0; done < requests; done++) {
        const answer = await this.#request(bytes);
        if (answer?.status !== status) throw new Error(`Apache answered ${answer?.status}, not ${status}`);
      }
    });
    return per(cost, requests);
  }

  async stop(): Promise<void> {
    this.#connection.close();
    await this.#server.stop();
  }

  #request(bytes: Uint8Array): Promise<HttpAnswer | undefined> {
    return new Promise((done) => this.#connection.send({ bytes, done }));
  }
}

async function measure(count: number, apache: ApacheSide | undefined): Promise<Report> {
  const rows = [];
  for (const one of CASES) {
    const rounds: Round[] = [];
    const request = ownRequests(one);
    // A server that has run for a while.
    request(one.requests);
    for (let round = 0; round < count; round++) {
      const peer = await apache?.round(one);
      const ours = per(
        costOf(() => request(one.requests)),
        one.requests,
      );
      rounds.push(peer === undefined ? { ours } : { ours, peer });
    }
    rows.push(...rowsOf(one.name, rounds, one.aim));
  }
  return {
    rows,
    remarks: ['milliseconds per request; Apache reads the .htaccess anew for each, we when it changes'],
  };
}

async function evaluateBench(rounds: number): Promise<Report> {
  const available = hasApache();
  const apache = available.available ? await ApacheSide.start() : undefined;
  try {
    const report = await measure(rounds, apache);
    if (available.available) return report;
    return { ...report, remarks: [...report.remarks, `no comparison: ${available.reason}`] };
  } finally {
    await apache?.stop();
  }
}

await runBench(evaluateBench);
