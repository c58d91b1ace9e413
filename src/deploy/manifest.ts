import type { Manifest, ManifestEntry } from './plan';

/** The manifest's text: JSON, one file per line, sorted, so that it can be read and compared. `deploy` names the last change of it. */
export function printManifest(manifest: Manifest, deploy?: string): string {
  const lines = [...manifest]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, entry]) => `    ${JSON.stringify(path)}: ${JSON.stringify(entry)}`);
  const last = deploy === undefined ? '' : `  "deploy": ${JSON.stringify(deploy)},\n`;
  return `{\n  "version": 1,\n${last}  "files": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** The manifest in a text; undefined when it is damaged or of another version: then nothing counts as ours. */
export function parseManifest(text: string): Manifest | undefined {
  try {
    return readManifest(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The id of the deploy that a manifest's text names as its last change. */
export function lastDeploy(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && typeof value['deploy'] === 'string' ? value['deploy'] : undefined;
  } catch {
    return undefined;
  }
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
