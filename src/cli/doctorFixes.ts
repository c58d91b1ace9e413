import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding, Report } from '../diagnosis';
import { fixedText } from '../dispatcher';
import { isServerFix, mendOnServer, type ServerFix } from '../doctor';
import type { Fix } from '../errorlog';
import type { Target } from '../project';
import { byteStringOf, bytesOf } from '../text/bytes';
import { harmless } from './colours';
import { ActionError, type Command } from './command';
import { recover } from './recover';
import { reload } from './reload';
import { dispatcherOf, withConnection } from './remoteSession';
import type { Terminal } from './terminal';
import { upload } from './upload';
import { refuseBrokenProject, type Workspace } from './workspace';

/** What a fix would do, and does. */
interface Mending {
  readonly title: string;
  /** A question that says what would change where. */
  readonly question: string;
  readonly run: () => Promise<void>;
}

export interface FixOrder {
  readonly report: Report;
  readonly workspace: Workspace;
  readonly target: Target;
  /** Does all of them without a question. */
  readonly yes: boolean;
}

/**
 * Runs the fixes of a report's errors and warnings, each after a question, the likeliest cause first; one that several findings name is
 * run once. Gives how many were run. A fix that fails is told and does not keep the others.
 */
export async function runFixes(order: FixOrder, terminal: Terminal): Promise<number> {
  const mendings = mendingsOf(order, terminal);
  if (mendings.length === 0) {
    terminal.err('Nothing of this can be mended from here: follow the advice above.\n');
    return 0;
  }
  refuseBrokenProject(order.workspace);
  if (!order.yes && !terminal.interactive)
    throw new ActionError(
      'There is no terminal to ask on, so nothing was changed. With --yes nothing is asked.',
    );
  let count = 0;
  for (const { title, question, run } of mendings) {
    terminal.err(`\n${harmless(title)}\n`);
    if (!order.yes && !isYes(await terminal.ask(`${harmless(question)} yes or no: `))) continue;
    count += (await succeeds(run, terminal)) ? 1 : 0;
  }
  return count;
}

function mendingsOf(order: FixOrder, terminal: Terminal): readonly Mending[] {
  const known = new Map<string, Mending>();
  for (const finding of order.report.findings.filter(isWrong)) {
    for (const { fix } of finding.remedies) {
      const key = JSON.stringify(fix);
      const mending = fix && !known.has(key) ? mendingOf(finding, fix, order, terminal) : undefined;
      if (mending) known.set(key, mending);
    }
  }
  return [...known.values()];
}

const isWrong = ({ severity }: Finding): boolean => severity === 'error' || severity === 'warning';

/** Undefined for a fix that only shows something. */
function mendingOf({ title }: Finding, fix: Fix, order: FixOrder, terminal: Terminal): Mending | undefined {
  const { name } = order.target;
  if (isServerFix(fix))
    return { title, question: serverQuestion(fix, name), run: () => mend(fix, order, terminal) };
  const action = fix.kind === 'set-mode' ? undefined : ACTIONS[fix.kind];
  if (action === undefined) return undefined;
  return { title, question: action.question(name), run: () => runCommand(action.command, name, terminal) };
}

const ACTIONS: Partial<Record<Fix['kind'], { command: Command; question: (target: string) => string }>> = {
  upload: { command: upload, question: (target) => `Upload the site to "${target}"?` },
  reload: { command: reload, question: (target) => `Reload the program on "${target}"?` },
  recover: { command: recover, question: (target) => `Recover "${target}", by another name of the program?` },
};

function serverQuestion(fix: ServerFix, target: string): string {
  if (fix.kind === 'set-mode') return `Give ${fix.path} on "${target}" the mode ${fix.mode.toString(8)}?`;
  return fix.kind === 'to-lf'
    ? `Write ${fix.path} with LF line ends, here and on "${target}"?`
    : `Take the byte order mark from ${fix.path}, here and on "${target}"?`;
}

async function mend(fix: ServerFix, { workspace, target }: FixOrder, terminal: Terminal): Promise<void> {
  const changed = await withConnection(target, terminal, (connection) =>
    mendOnServer(connection, fix, target.path),
  );
  if (fix.kind !== 'set-mode') await mendHere(fix, workspace);
  terminal.out(`${target.name}: ${harmless(fix.path)} ${changed ? 'was mended' : 'was well already'}.\n`);
}

/** The copy on this machine too: otherwise the next upload could bring the fault back. */
async function mendHere({ kind, path }: ServerFix, workspace: Workspace): Promise<void> {
  const dispatcher = await dispatcherOf(workspace);
  if (kind === 'set-mode' || dispatcher === undefined || !path.endsWith(`/${dispatcher}`)) return;
  const file = join(workspace.documentRoot, dispatcher);
  const before = byteStringOf(await readFile(file));
  const after = fixedText(before, { kind, title: '' });
  if (after !== before) await writeFile(file, bytesOf(after));
}

async function runCommand(command: Command, target: string, terminal: Terminal): Promise<void> {
  if ((await command.run([target], terminal)) !== 0) throw new ActionError(`"${command.name}" failed.`);
}

async function succeeds(run: () => Promise<void>, terminal: Terminal): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    terminal.interrupted.throwIfAborted();
    terminal.err(`${harmless(error instanceof Error ? error.message : String(error))}\n`);
    return false;
  }
}

function isYes(answer: string | undefined): boolean {
  return /^y(?:es)?$/i.test(answer?.trim() ?? '');
}
