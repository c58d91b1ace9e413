import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { HostProfile } from '../apache/host';
import { evaluate } from '../apache/request';
import type { Prediction } from '../diagnosis';
import { asOnHost, DiskSite } from '../runner/diskSite';
import { urlFilesIn } from '../runner/siteFiles';
import { byteStringOfText, textOfByteString } from '../text/bytes';
import { askedRequest, parseUrls, withHost, type AskedRequest } from '../urls';

/** An address to ask for, with what Apache should answer by the files of this machine. */
export interface AskedAddress {
  readonly url: string;
  readonly predicted: Prediction | null;
  readonly origin: string | null;
}

/** Most addresses of `*.urls` files that are asked for. */
const MOST = 20;

export interface PredictionOrder {
  /** Absolute: the workspace folder, and the document root below it. */
  readonly folder: string;
  readonly documentRoot: string;
  readonly host: HostProfile;
  readonly url: string;
  /** Relative to the document root. */
  readonly dispatcher: string | undefined;
}

/** The site's first page, its dispatcher, and what its `*.urls` files ask for. Never throws for what the files hold. */
export async function addressesOf(order: PredictionOrder): Promise<readonly AskedAddress[]> {
  const base = new URL(order.url);
  const predict = predictor(order, base);
  const own = ['', ...(order.dispatcher === undefined ? [] : [order.dispatcher])].map((path) => ({
    target: new URL(path, base).pathname,
    origin: null,
  }));
  const asked = [...own, ...(await casesOf(order, base))].slice(0, MOST);
  const unique = asked.filter(({ target }, at) => asked.findIndex((other) => other.target === target) === at);
  return unique.map(({ target, origin }) => ({
    url: new URL(target, base).href,
    predicted: predict(target),
    origin,
  }));
}

async function casesOf(
  { documentRoot }: PredictionOrder,
  base: URL,
): Promise<readonly { target: string; origin: string }[]> {
  const found: { target: string; origin: string }[] = [];
  for await (const path of urlFilesIn(documentRoot)) {
    const file = relative(documentRoot, path).split(sep).join('/');
    const { cases } = parseUrls(await readFile(path, 'utf8'));
    for (const written of cases) {
      const asked = askedRequest(written);
      if (asked && isPlain(asked, base))
        found.push({ target: asked.request.target, origin: `${file}:${written.line}` });
    }
  }
  return found;
}

/** Only what changes nothing, needs no header of its own, and means this site. */
function isPlain({ request, host }: AskedRequest, base: URL): boolean {
  return (
    request.method === 'GET' &&
    request.headers.length === 0 &&
    (host.https ?? base.protocol === 'https:') === (base.protocol === 'https:')
  );
}

/** Foretells by the files of this machine; where the site lies below another address, its rules may mean something else, and nothing is foretold. */
function predictor(
  { folder, documentRoot, host: described }: PredictionOrder,
  base: URL,
): (target: string) => AskedAddress['predicted'] {
  if (base.pathname !== '/') return () => null;
  const https = base.protocol === 'https:';
  const port = base.port === '' ? (https ? 443 : 80) : Number(base.port);
  const host = { ...described, serverName: base.hostname, https, port };
  const disk = new DiskSite({ folder, treeRoot: host.treeRoot, cacheLife: 60_000 });
  const site = asOnHost(disk, host);
  const below = byteStringOfText(relative(folder, documentRoot).split(sep).join('/'));
  const root = below === '' ? host.treeRoot : `${host.treeRoot}/${below}`;
  return (target) => {
    const request = withHost({ method: 'GET', target, headers: [] }, host);
    const outcome = evaluate({
      request,
      site,
      host,
      documentRoot: root,
      trace: false,
      time: Math.floor(Date.now() / 1000),
    });
    return {
      status: outcome.status,
      location: outcome.location === null ? null : textOfByteString(outcome.location),
      byProgram: outcome.answer.kind === 'handler',
    };
  };
}
