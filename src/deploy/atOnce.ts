import { shellQuote } from '../remote/shell';
import type { ExecResult } from '../remote/exec';
import { historyName } from './history';
import { intentName } from './intent';
import { journalName, type Journal } from './journal';
import { folderOf } from './names';
import { Layout } from './layout';
import type { Plan, Transfer } from './plan';
import { largeFile } from './stage';
import type { StateFolder } from './stateFolder';

/** What one command may rename: each takes it two programs. */
const mostSwitches = 24;
/** So much is sent so quickly that one time stamp is right for all, and that it need not be continued after a break. */
const mostBytes = 16 * 1024 * 1024;

/**
 * Whether a plan only puts new folders, with whatever is in them, and a few files beside others in their place: then one command can do
 * all of it.
 */
export function fitsAtOnce(plan: Plan): boolean {
  const transfers = [...plan.create, ...plan.change];
  if (transfers.length === 0 || plan.modes.length + plan.delete.length > 0) return false;
  const layout = new Layout('/', plan, '');
  const beside = transfers.filter(({ path }) => !layout.rootOf(path));
  const bytes = transfers.reduce((sum, { local }) => sum + local.size, 0);
  const isPlain = ({ path, local, source }: Transfer) =>
    source === undefined && local.size <= largeFile && !/[\n\r]/.test(path);
  return (
    beside.length + layout.roots.length <= mostSwitches && bytes <= mostBytes && transfers.every(isPlain)
  );
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
  /** Temporary names and the groups that they must have. */
  readonly groups: readonly { readonly path: string; readonly gid: number }[];
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
    ...of.groups.map(({ path, gid }) => `chgrp ${gid} ${q(path)} || exit 18`),
    `mkdir -p ${[state.pathOf('history'), ...trash].map(q).join(' ')} || exit 13`,
    ...journal.saved.map(({ from, to }) => `ln ${q(from)} ${q(to)} || exit 14`),
    ...journal.switches.map((one) => `${isAsPlanned(one.to, journal)} || exit 15`),
    `${flush([of.journalFile, of.manifestFile, ...of.flushed])} || exit 16`,
    `${isOurs} || exit 10`,
    `[ ! -e ${q(state.pathOf(journalName))} ] && mv -f ${q(of.journalFile)} ${q(state.pathOf(journalName))} || exit 17`,
    // Until this moment the new content was for its owner only, since web servers serve dotfiles.
    ...opened(journal).map((chmod) => `${chmod} || { echo renamed 0; exit 20; }`),
    ...inOrder(journal).map(
      ({ from, to, folder }, at) =>
        // Asked again, since `mv` would move into a folder that has come up meanwhile.
        `${folder ? `[ ! -e ${q(to)} ] && ` : ''}mv -f ${q(from)} ${q(to)} || { echo renamed ${at}; exit 20; }`,
    ),
    `mv -f ${q(of.manifestFile)} ${q(state.pathOf('manifest.json'))} || exit 21`,
    `mv -f ${q(state.pathOf(journalName))} ${q(state.pathOf(historyName(journal.record.id)))} || exit 21`,
    `rm -f ${note} ${q(state.pathOf('lock'))} || exit 21`,
    'echo __done__',
  ].join('; ');
}

/** Gives everything its own mode, with few programs. */
function opened({ switches }: Journal): string[] {
  return [...new Set(switches.map(({ mode }) => mode))].map((mode) => {
    const names = switches.filter((one) => one.mode === mode).map(({ from }) => shellQuote(from));
    return `chmod ${mode.toString(8)} ${names.join(' ')}`;
  });
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
