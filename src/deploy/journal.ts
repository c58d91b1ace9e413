import type { FileChange, HistoryEntry } from './history';
import { isRecord, type Alias } from './manifest';
import type { Manifest, ManifestEntry } from './plan';

/** The journal's name in the state folder. */
export const journalName = 'journal.json';

/** One rename of the burst. All paths are absolute. */
export interface Switch {
  readonly from: string;
  readonly to: string;
  /** A whole new folder; else a file. */
  readonly folder: boolean;
  /** Of a file's new content: tells, after a crash, whether the temporary is complete. */
  readonly size: number;
  /** Permission bits that it gets before the rename. */
  readonly mode: number;
  /** Position in the burst: lower ones first, all of one number together. */
  readonly order: number;
}

/** A file that goes to the trash. */
export interface Removal {
  readonly from: string;
  readonly to: string;
}

/** New permission bits for a file whose content stays. */
export interface ModeSwitch {
  readonly path: string;
  readonly mode: number;
  readonly before: number;
}

/** All that is needed to finish an upload whose burst was interrupted; afterwards it is the deploy's entry in the history. */
export interface Journal {
  readonly record: HistoryEntry;
  readonly switches: readonly Switch[];
  readonly modes: readonly ModeSwitch[];
  readonly removals: readonly Removal[];
  /** Folders that may be empty afterwards, deepest first; one with anything in it stays. */
  readonly emptied: readonly string[];
  /** Originals of files that are replaced: old path -> kept path. */
  readonly saved: readonly Removal[];
  /** What changes in the manifest: new entries, null for those that go. */
  readonly entries: Readonly<Record<string, ManifestEntry | null>>;
  /** The dispatcher's name afterwards, where it is not its own. */
  readonly alias?: Alias;
}

/** The journal's text. */
export function printJournal(journal: Journal): string {
  return JSON.stringify({ version: 2, ...journal });
}

/** The journal in a text; undefined when it is damaged. */
export function parseJournal(text: string): Journal | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value['version'] !== 2) return undefined;
    const lists = ['switches', 'modes', 'removals', 'emptied', 'saved'].map((name) => value[name]);
    const whole = lists.every(Array.isArray) && isRecord(value['entries']) && isRecord(value['record']);
    return whole ? (value as unknown as Journal) : undefined;
  } catch {
    return undefined;
  }
}

/** A manifest once the journal's work is done. */
export function applyEntries(manifest: Manifest, entries: Journal['entries']): Manifest {
  const after = new Map(manifest);
  for (const [path, entry] of Object.entries(entries)) {
    if (entry === null) after.delete(path);
    else after.set(path, entry);
  }
  return after;
}

/** What leads from one manifest to the other. */
export function entriesBetween(before: Manifest, after: Manifest): Record<string, ManifestEntry | null> {
  const entries: Record<string, ManifestEntry | null> = Object.create(null) as Record<string, null>;
  for (const path of before.keys()) if (!after.has(path)) entries[path] = null;
  for (const [path, entry] of after) if (before.get(path) !== entry) entries[path] = entry;
  return entries;
}

/** The changes of a deploy whose files at the given absolute paths are lost: what we are not sure of counts as not ours. */
export function withoutLost(journal: Journal, target: string, lost: readonly string[]): Journal {
  const paths = new Set(lost.map((path) => path.slice(target.length).replace(/^\//, '')));
  const isLost = (path: string) => [...paths].some((one) => path === one || path.startsWith(`${one}/`));
  const entries = Object.fromEntries(
    Object.entries(journal.entries).map(([path, entry]) => [path, isLost(path) ? null : entry]),
  );
  const changes: readonly FileChange[] = journal.record.changes.filter(({ path }) => !isLost(path));
  return { ...journal, entries, record: { ...journal.record, changes } };
}

/** What `recover` found and did. */
export interface RecoveryReport {
  readonly id: string;
  /** `finished`: all new files are live. `undone`: the upload had not come to the renames; the site is as before it. */
  readonly outcome: 'finished' | 'undone';
  /** Files and new folders that were put in place now. */
  readonly completed: readonly string[];
  /** Files whose new content is gone: they may be old. Upload them again. */
  readonly lost: readonly string[];
}
