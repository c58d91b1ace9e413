import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One file of a site: ordinary text, nothing (an empty folder), bytes with a mode, a symbolic link, or a folder's mode. */
export type FileEntry =
  | string
  | null
  | { readonly text: string; readonly mode?: number | string }
  | { readonly base64: string; readonly mode?: number | string }
  | { readonly link: string }
  /** A folder with a mode of its own. */
  | { readonly mode: number | string };

/** The files of a site, by path relative to its root. */
export type SiteFiles = Readonly<Record<string, FileEntry>>;

/** Seconds since 1970 that every file of an oracle's site bears, so that Last-Modified and ETag are known. */
export const FILE_TIME = 1_704_067_200;

/**
 * Writes a site below `folder`. Absolute links into `/site` are led to `treeRoot`, where the oracle serves the site.
 */
export function writeSite(folder: string, files: SiteFiles, treeRoot: string): void {
  const made = new Set<string>([folder]);
  mkdirSync(folder, { recursive: true });
  for (const [path, entry] of Object.entries(files)) {
    const target = join(folder, path);
    const parent = isFolder(entry) ? target : dirname(target);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    if (!isFolder(entry)) writeEntry(target, entry, treeRoot);
    else if (entry !== null) chmodSync(target, modeOf(entry.mode));
  }
}

/** What is more than a folder. */
type WrittenEntry = Exclude<FileEntry, null | { readonly mode: number | string }>;

function isFolder(entry: FileEntry): entry is null | { readonly mode: number | string } {
  return (
    entry === null ||
    (typeof entry === 'object' && !('text' in entry || 'base64' in entry || 'link' in entry))
  );
}

function writeEntry(target: string, entry: WrittenEntry, treeRoot: string): void {
  if (typeof entry === 'object' && 'link' in entry) {
    symlinkSync(entry.link.replace(/^\/site(?=\/|$)/, treeRoot), target);
    return;
  }
  writeFileSync(target, contentOf(entry));
  if (typeof entry === 'object' && entry.mode !== undefined) chmodSync(target, modeOf(entry.mode));
  utimesSync(target, FILE_TIME, FILE_TIME);
}

function contentOf(entry: string | { readonly text: string } | { readonly base64: string }): string | Buffer {
  if (typeof entry === 'string') return entry;
  return 'text' in entry ? entry.text : Buffer.from(entry.base64, 'base64');
}

/** A mode as a number, or as octal digits. */
function modeOf(mode: number | string): number {
  return typeof mode === 'number' ? mode : Number.parseInt(mode, 8);
}
