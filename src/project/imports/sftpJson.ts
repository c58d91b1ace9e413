import { jsonValue, parseJson, type JsonNode } from '../json';
import { siteOf, type Import, type ImportedSite } from './imported';

type Fields = Readonly<Record<string, unknown>>;

/** Fields of sftp.json that hold a secret. */
const secretNames = new Set(['password', 'passphrase']);

/** Fields that have a counterpart here by other means, with what to do. */
const notTaken: readonly (readonly [string, string])[] = [
  ['hop', 'Jump hosts belong into ~/.ssh/config (ProxyJump).'],
  ['remoteTimeOffsetInHours', 'Clocks are not compared here: the time offset is not needed.'],
  ['watcher', 'Files that other programs write are not uploaded by themselves.'],
  ['syncOption', 'What is uploaded and deleted is shown before it is done: the sync options are not needed.'],
];

/** The servers of `.vscode/sftp.json` (the SFTP extensions' file): one or a list of configurations, each with its profiles. */
export function importSftpJson(text: string): Import {
  const { root, problems } = parseJson(text);
  const [problem] = problems;
  if (root === undefined || problem) {
    return { sites: [], notes: [`The file is no valid JSON: ${problem?.message ?? 'it is empty.'}`] };
  }
  const value = jsonValue(root);
  const found = (Array.isArray(value) ? value : [value]).filter(isFields).flatMap(profilesOf).map(importOne);
  const sites = found.flatMap((one) => (typeof one === 'string' ? [] : [one]));
  const notes = found.filter((one) => typeof one === 'string');
  return { sites, notes: sites.length + notes.length === 0 ? ['The file names no server.'] : notes };
}

/** Spans of the secrets in a `sftp.json`, each with the comma that goes with it, last first: to be deleted in this order. */
export function secretSpans(text: string): { readonly start: number; readonly end: number }[] {
  const { root } = parseJson(text);
  const spans: { start: number; end: number }[] = [];
  const visit = (node: JsonNode): void => {
    if (node.kind === 'array') for (const item of node.items) visit(item);
    if (node.kind !== 'object') return;
    for (const { name, nameStart, value } of node.members) {
      if (secretNames.has(name)) spans.push(withComma(text, nameStart, value.end));
      else visit(value);
    }
  };
  if (root) visit(root);
  return spans.sort((a, b) => b.start - a.start);
}

function withComma(text: string, start: number, end: number): { start: number; end: number } {
  const after = /^\s*,[ \t]*(?:\r?\n[ \t]*(?="))?/.exec(text.slice(end));
  if (after) return { start, end: end + after[0].length };
  const before = /,\s*$/.exec(text.slice(0, start));
  return { start: before ? before.index : start, end };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A profile overrides the fields around it; the configuration itself counts where it names a server of its own. */
function profilesOf(config: Fields): Fields[] {
  const { profiles, ...base } = config;
  const named = isFields(profiles) ? Object.entries(profiles).filter(([, one]) => isFields(one)) : [];
  const own = textOf(base, 'host') === undefined ? [] : [base];
  const all = named.map(([name, one]) => ({ ...base, ...(one as Fields), name }));
  return all.length > 0 ? all : own.length > 0 ? own : [base];
}

function importOne(config: Fields): ImportedSite | string {
  const host = textOf(config, 'host');
  const name = textOf(config, 'name') ?? host ?? 'server';
  if (host === undefined) return `"${name}" names no host.`;
  const protocol = textOf(config, 'protocol') ?? 'sftp';
  if (protocol !== 'sftp')
    return `"${name}" is a server for ${protocol.toUpperCase()}: only SSH is spoken here.`;
  const site = siteOf({
    name,
    host,
    port: typeof config['port'] === 'number' ? config['port'] : undefined,
    user: textOf(config, 'username'),
    path: textOf(config, 'remotePath'),
    keyFile: textOf(config, 'privateKeyPath'),
    password: textOf(config, 'password'),
    passphrase: textOf(config, 'passphrase'),
    ignore: textsOf(config['ignore']),
    notes: notesOf(config),
  });
  return site ?? `"${name}" has a host or port that cannot be used.`;
}

function notesOf(config: Fields): string[] {
  const context = textOf(config, 'context')?.replace(/^\.?\/+|\/+$/g, '');
  const root = context ? [`It uploads the folder "${context}": set "documentRoot".`] : [];
  return [...root, ...notTaken.filter(([name]) => config[name] !== undefined).map(([, note]) => note)];
}

function textOf(config: Fields, name: string): string | undefined {
  const value = config[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((one): one is string => typeof one === 'string' && /\S/.test(one))
    : [];
}
