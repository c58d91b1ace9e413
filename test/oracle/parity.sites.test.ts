import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasApache } from './apache';
import { writeSite, type SiteFiles } from './apache/site_folders';
import { comparable } from './parity/comparable';
import type { Exchange } from './parity/exchanges';
import { KNOWN_OF_SITES, randomSites, SAY_PROGRAM, type RandomSite } from './parity/randomSites';
import { startPair, type Pair } from './parity/pair';

/** Sites of six requests each; SITES_SEED asks for others, SITES for more. */
const SITES = Number(process.env['SITES'] ?? 60);
const SEED = Number(process.env['SITES_SEED'] ?? 1);
const FCGI = new URL('../sites/classic/project/fcgi.py', import.meta.url).pathname;
const peer = hasApache();

describe.skipIf(!peer.available)('the runner on random sites', () => {
  let folder: string;
  let pair: Pair;
  let sites: readonly RandomSite[];

  beforeAll(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'parity-sites-')));
    fs.chmodSync(folder, 0o755);
    const generated = randomSites(SEED);
    sites = Array.from({ length: SITES }, () => generated.next().value as RandomSite);
    const program: SiteFiles = {
      'say.fcgi': { text: SAY_PROGRAM, mode: '755' },
      'fcgi.py': fs.readFileSync(FCGI, 'utf8'),
    };
    // One program answers for all sites: it is started once.
    const rules = { '.htaccess': `FcgidWrapper ${folder}/say.fcgi .fcgi\n` };
    for (const files of [program, rules, ...sites.map((site) => site.files)])
      writeSite(folder, files, folder);
    pair = await startPair(folder);
  });

  afterAll(() => pair?.stop());

  async function difference({ bytes, name }: Exchange, { files }: RandomSite): Promise<string[]> {
    const asked = Date.now();
    const answers = await pair.send(bytes);
    const htaccess = Object.entries(files).filter(([file]) => file.endsWith('.htaccess'));
    const rules = htaccess.map(
      ([file, text]) => `${file}:\n${typeof text === 'string' ? text.replaceAll(/^/gm, '    ') : ''}`,
    );
    // Which of them a program of CGI answers is not told by the request alone.
    const isCgi = rules.some((text) => text.includes('cgi-script'));
    const [theirs = '', ours] = answers.map((one) => JSON.stringify(comparable(one, { isCgi, asked })));
    if (theirs === ours) return [];
    if (KNOWN_OF_SITES.some(({ fits }) => fits(bytes, rules.join('\n'), theirs))) return [];
    return [[`${name}(${bytes.length})`, `  Apache ${theirs}`, `  ours   ${ours}`, ...rules].join('\n')];
  }

  it(
    `answers raw requests to ${SITES} of them as Apache does`,
    async () => {
      const differences: string[] = [];
      for (const site of sites)
        for (const exchange of site.exchanges) differences.push(...(await difference(exchange, site)));
      const report = process.env['PARITY_REPORT'];
      if (report !== undefined) fs.writeFileSync(report, JSON.stringify(differences));
      expect(differences.slice(0, 5).join('\n\n')).toBe('');
    },
    10_000 + 1000 * SITES,
  );
});
