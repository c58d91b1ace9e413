import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** All that is to be known of one name in a folder. */
export interface Entry {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Permission bits, octal. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly inode: number;
  /** 0 for folders, whose number only counts what is in them. */
  readonly links: number;
  /** Milliseconds; 0 for folders, which get a new one with each name in them. */
  readonly mtime: number;
  /** SHA-256 of a file, target of a link. */
  readonly content: string;
}

/** Names relative to a folder, and what they are; '' is the folder itself. */
export type Snapshot = ReadonlyMap<string, Entry>;

/** What lies in a folder, links not followed. `without`: names at its top that are left out. */
export function snapshotOf(folder: string, without: readonly string[] = []): Snapshot {
  const names = namesIn(folder).filter((name) => !without.includes(name.split('/', 1)[0] ?? ''));
  return new Map(['', ...names].map((name) => [name, entryOf(join(folder, name))]));
}

/** `readdir` with `recursive` would go through links. */
function namesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? [entry.name, ...namesIn(join(folder, entry.name)).map((name) => `${entry.name}/${name}`)]
      : [entry.name],
  );
}

function entryOf(path: string): Entry {
  const stat = lstatSync(path);
  const isFolder = stat.isDirectory();
  return {
    kind: isFolder ? 'folder' : stat.isFile() ? 'file' : stat.isSymbolicLink() ? 'link' : 'other',
    mode: (stat.mode & 0o7777).toString(8),
    uid: stat.uid,
    gid: stat.gid,
    inode: stat.ino,
    links: isFolder ? 0 : stat.nlink,
    mtime: isFolder ? 0 : stat.mtimeMs,
    content: stat.isFile() ? digest(readFileSync(path)) : stat.isSymbolicLink() ? readlinkSync(path) : '',
  };
}

export function digest(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What of a name must be so afterwards; null: it must be gone. What is not named must be as before. */
export type Wanted = ReadonlyMap<string, Partial<Entry> | null>;

/** A sentence for each thing that is not as it was, or as it had to become. */
export function differences(before: Snapshot, after: Snapshot, wanted: Wanted = new Map()): string[] {
  return [...new Set([...before.keys(), ...after.keys(), ...wanted.keys()])].flatMap((name) => {
    const now = after.get(name);
    const want = wanted.get(name) === undefined ? before.get(name) : wanted.get(name);
    const label = JSON.stringify(name);
    if (!want) return now ? [`${label} is there: ${now.kind} ${now.mode}`] : [];
    if (!now) return [`${label} is missing`];
    return (Object.keys(want) as (keyof Entry)[])
      .filter((key) => want[key] !== now[key])
      .map((key) => `${label}: ${key} ${now[key]} instead of ${want[key]}`);
  });
}
