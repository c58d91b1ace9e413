import { advise } from '../../../src/advice';
import { hostProfile } from '../../../src/apache/host';
import { memorySite } from '../../../src/apache/memorySite';
import type { OraclePair, OracleRequest } from '../apache/oracle';
import { Random } from './random';

const SOURCES = (
  'all all 127.0.0.1 127 127.0. 127.0.0.0/8 127.0.0.0/255.0.0.0 10.0.0.0/8 10.1 192.0.2.7 ::1 2001:db8::/32 ' +
  'localhost Localhost .localhost example.test host env=in ENV=in env=!in env=none "env=in_none" env=a-b.c'
)
  .split(' ')
  .map((source) => source.replace('_', ' '));

const ORDERS = ['deny,allow', 'allow,deny', 'Deny,Allow', 'Allow,Deny', 'mutual-failure'];

const SECTIONS = [
  '<Files a.html>',
  '<FilesMatch "\\.html$">',
  '<If "%{QUERY_STRING} == \'x\'">',
  '<Limit POST>',
  '<IfModule mod_authz_core.c>',
  '<IfModule !mod_authz_core.c>',
  '<IfModule mod_access_compat.c>',
];

const OTHERS = [
  'Require all denied',
  'Require env in',
  'Satisfy any',
  'AuthType Basic',
  'Options -Indexes',
  '# x',
];

const REQUESTS: readonly OracleRequest[] = [
  { target: '/a.html' },
  { target: '/sub/a.html' },
  { target: '/sub/b.txt', headers: { 'X-In': '1' } },
  { target: '/a.html?x', headers: { 'X-In': '1' } },
  { target: '/sub/a.html', method: 'POST' },
];

const ENVIRONMENT = 'SetEnvIf X-In 1 in a-b.c\n';

/** A site with an access rule of Apache 2.2, and the same one after its quick fix. */
export interface RewrittenSite {
  readonly before: readonly OraclePair[];
  readonly after: readonly OraclePair[];
}

/** Sites for which the fix is offered; of `tried` sites it is not offered for the others. */
export function rewrittenSites(seed: number, tried: number): RewrittenSite[] {
  const random = new Random(seed);
  return random.times(tried, () => oneSite(random)).filter((site) => site !== undefined);
}

function oneSite(random: Random): RewrittenSite | undefined {
  const files = {
    '.htaccess': ENVIRONMENT + rules(random),
    'sub/.htaccess': random.chance(0.4) ? rules(random) : '',
    'a.html': '',
    'sub/a.html': '',
    'sub/b.txt': '',
  };
  const [path, other] = random.chance(0.6)
    ? (['.htaccess', 'sub/.htaccess'] as const)
    : (['sub/.htaccess', '.htaccess'] as const);
  if (random.chance(0.7)) files[other] = other === '.htaccess' ? ENVIRONMENT : '';
  const changed = fixedText(files, path);
  if (changed === undefined) return undefined;
  const pairs = (some: OraclePair['files']) => REQUESTS.map((request) => ({ files: some, request }));
  return { before: pairs(files), after: pairs({ ...files, [path]: changed }) };
}

function fixedText(files: Readonly<Record<string, string>>, path: string): string | undefined {
  const host = hostProfile();
  const site = memorySite(files, { treeRoot: host.treeRoot });
  const directory = `${host.treeRoot}/${path.slice(0, path.lastIndexOf('/') + 1)}`;
  const source = files[path] ?? '';
  const found = advise(source, host, { directory, site });
  const fix = found.find((one) => one.code === 'access.old-directives' && one.fix !== undefined)?.fix;
  if (fix === undefined) return undefined;
  return fix.edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), source);
}

function rules(random: Random): string {
  const parts = random.times(1 + random.below(2), () => part(random));
  if (random.chance(0.1)) parts.push(`${random.pick(OTHERS)}\n`);
  return parts.join('');
}

function part(random: Random): string {
  const lines = random.times(1 + random.below(4), () => line(random));
  if (random.chance(0.6)) return lines.join('');
  const section = random.pick(SECTIONS);
  return `${section}\n${lines.join('')}${section.replace(/^<(\w+).*$/, '</$1>')}\n`;
}

function line(random: Random): string {
  if (random.chance(0.3)) return `Order ${random.pick(ORDERS)}\n`;
  const sources = random.times(1 + random.below(2), () => random.pick(SOURCES));
  return `${random.pick(['Allow', 'Deny', 'allow', 'DENY'])} from ${sources.join(' ')}\n`;
}
