import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { shellQuote } from '../remote/shell';
import type { ExecResult } from '../remote/exec';
import { historyName } from './history';
import { intentName } from './intent';
import { journalName, type Journal } from './journal';
import { folderOf } from './names';
import type { Plan } from './plan';
import type { StateFolder } from './stateFolder';
import { tarEnd, tarEntry, type TarHeader } from './tar';

/** What one command may carry: a save, not a move. */
const mostFiles = 24;
const mostBytes = 1024 * 1024;

/** Whether a plan only puts a few files into folders that are there: then one command can do all of it. */
export function fitsAtOnce(plan: Plan): boolean {
  const transfers = [...plan.create, ...plan.change];
  const bytes = transfers.reduce((sum, { local }) => sum + local.size, 0);
  const others = [plan.modes, plan.delete, plan.folders].reduce((sum, { length }) => sum + length, 0);
  const isPlain = transfers.every(({ path, source }) => source === undefined && !/[\n\r]/.test(path));
  return (
    transfers.length > 0 && transfers.length <= mostFiles && bytes <= mostBytes && others === 0 && isPlain
  );
}

/** A file of the stream, by its absolute path. */
export interface SentFile extends Omit<TarHeader, 'name'> {
  readonly path: string;
  readonly content: Buffer;
}

/** All that the command works with. Paths are absolute. */
export interface AtOnce {
  readonly state: StateFolder;
  /** What the lock says while it is ours. */
  readonly holder: string;
  /** The text of the note about what will be created. */
  readonly intent: string;
  readonly journal: Journal;
  /** Temporary names. */
  readonly journalFile: string;
  readonly manifestFile: string;
  /** Files whose content must be on the disk before they are live. */
  readonly flushed: readonly string[];
}

/** How the command ended: nothing live was touched (and why), a rename failed after so many, or all is done. */
export type AtOnceOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'stuck'; readonly renamed: number; readonly why: string }
  /** Somebody has taken the lock over: what was noted is theirs to remove. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * The steps of an upload as one line of shell, each done only when the one before has succeeded: the lock is still ours, the note, the
 * content under temporary names, second names for what is replaced, the journal, the renames in their order, manifest, history. Exit
 * statuses below 20: nothing live was touched.
 */
export function atOnceScript(of: AtOnce): string {
  const { state, journal } = of;
  const q = shellQuote;
  // `read` needs no other process; it fails at the end of a file without a line's end, and has read it all the same.
  const says = (path: string, text: string) => `{ IFS= read -r said <${path}; [ "$said" = ${q(text)} ]; }`;
  const isOurs = says(q(state.pathOf('lock')), of.holder);
  const note = q(state.pathOf(intentName));
  const flush = (paths: readonly string[]) => `sync ${paths.map(q).join(' ')}`;
  const trash = [...new Set(journal.saved.map(({ to }) => folderOf(to)))];
  return [
    `umask 077; cd / && ${isOurs} || exit 10`,
    `[ ! -e ${note} ] && printf %s ${q(of.intent)} >${note} && ${says(note, of.intent)} && sync ${note} || exit 11`,
    'gzip -dc | tar -xpof - || exit 12',
    `mkdir -p ${[state.pathOf('history'), ...trash].map(q).join(' ')} || exit 13`,
    ...journal.saved.map(({ from, to }) => `ln ${q(from)} ${q(to)} || exit 14`),
    ...journal.switches.map((one) => `${isAsPlanned(one.to, journal)} || exit 15`),
    `${flush([of.journalFile, of.manifestFile, ...of.flushed])} || exit 16`,
    `${isOurs} || exit 10`,
    `[ ! -e ${q(state.pathOf(journalName))} ] && mv -f ${q(of.journalFile)} ${q(state.pathOf(journalName))} || exit 17`,
    ...inOrder(journal).map(
      ({ from, to, mode }, at) =>
        `chmod ${mode.toString(8)} ${q(from)} && mv -f ${q(from)} ${q(to)} || { echo renamed ${at}; exit 20; }`,
    ),
    `mv -f ${q(of.manifestFile)} ${q(state.pathOf('manifest.json'))} || exit 21`,
    `mv -f ${q(state.pathOf(journalName))} ${q(state.pathOf(historyName(journal.record.id)))} || exit 21`,
    `rm -f ${note} ${q(state.pathOf('lock'))} || exit 21`,
    'echo __done__',
  ].join('; ');
}

/** The renames in the order in which they are done. */
export function inOrder({ switches }: Journal): Journal['switches'] {
  return [...switches].sort((one, other) => one.order - other.order);
}

/** What is replaced is still a file, and where something new arrives is still nothing: `mv` would move into a folder. */
function isAsPlanned(path: string, { saved }: Journal): string {
  const name = shellQuote(path);
  const there = saved.some(({ from }) => from === path);
  return `[ ! -L ${name} ] && [ ${there ? '-f' : '! -e'} ${name} ]`;
}

/** The compressed stream with all new content. */
export function packed(files: readonly SentFile[]): Promise<Buffer> {
  const entries = files.map(({ path, content, ...header }) =>
    tarEntry({ ...header, name: path.slice(1) }, content),
  );
  return promisify(gzip)(Buffer.concat([...entries, tarEnd]), { level: 1 });
}

/** What the command's end says. */
export function outcomeOf({ stdout, stderr, code }: ExecResult): AtOnceOutcome {
  const why = stderr.trim().slice(0, 300);
  if (stdout.includes('__done__')) return { kind: 'done' };
  if (code === 10) return { kind: 'overtaken' };
  if (code !== undefined && code >= 10 && code < 20) return { kind: 'refused', why };
  const renamed = /^renamed (\d+)$/m.exec(stdout)?.[1];
  return code === 20 && renamed !== undefined
    ? { kind: 'stuck', renamed: Number(renamed), why }
    : { kind: 'unknown', why };
}
