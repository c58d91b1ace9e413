import type { Manifest, ManifestEntry } from './plan';

/** What the manifest's file says besides the files. */
export interface ManifestHead {
  /** The id of the deploy that changed it last. */
  readonly deploy?: string | undefined;
  /** The name that the dispatcher bears on the server, where it is not its own. */
  readonly alias?: Alias | undefined;
}

/** The dispatcher under another name: `from` here, `to` on the server; both relative to the document root. */
export interface Alias {
  readonly from: string;
  readonly to: string;
  /** Names that requests may still wait for, and since when, in seconds by the server's clock. */
  readonly retired: readonly { readonly path: string; readonly since: number }[];
}

/** The manifest's text: JSON, one file per line, sorted, so that it can be read and compared. */
export function printManifest(manifest: Manifest, head: ManifestHead = {}): string {
  const lines = [...manifest]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, entry]) => `    ${JSON.stringify(path)}: ${JSON.stringify(entry)}`);
  const rows = Object.entries({ version: 1, ...head })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  return `{\n${rows.join('')}  "files": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** The manifest in a text; undefined when it is damaged or of another version: then nothing counts as ours. */
export function parseManifest(text: string): Manifest | undefined {
  try {
    return readManifest(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The rest of what a manifest's text says; nothing where it is damaged. */
export function readHead(text: string): ManifestHead {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return {};
    const { deploy, alias } = value;
    return {
      ...(typeof deploy === 'string' ? { deploy } : {}),
      ...(isAlias(alias) ? { alias } : {}),
    };
  } catch {
    return {};
  }
}

function isAlias(value: unknown): value is Alias {
  return (
    isRecord(value) &&
    typeof value['from'] === 'string' &&
    typeof value['to'] === 'string' &&
    Array.isArray(value['retired'])
  );
}

/** The same for a parsed value. */
export function readManifest(value: unknown): Manifest | undefined {
  if (!isRecord(value) || value['version'] !== 1 || !isRecord(value['files'])) return undefined;
  const entries = Object.entries(value['files']);
  return entries.every(([, entry]) => isEntry(entry))
    ? new Map(entries as [string, ManifestEntry][])
    : undefined;
}

function isEntry(value: unknown): value is ManifestEntry {
  if (!isRecord(value)) return false;
  return (
    typeof value['sha256'] === 'string' &&
    typeof value['size'] === 'number' &&
    typeof value['mtime'] === 'number'
  );
}

/** A JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
