import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { learnedText, learnHost, LearningError, type LearnedHost } from '../doctor';
import { withTargetHost, type Target } from '../project';
import { harmless } from './colours';
import { ActionError } from './command';
import { withConnection } from './remoteSession';
import type { Terminal } from './terminal';
import { PROJECT_FILE, refuseBrokenProject, type Workspace } from './workspace';

export interface LearnOrder {
  readonly workspace: Workspace;
  readonly target: Target;
  readonly format: 'text' | 'json';
  /** Asks nothing, and saves. */
  readonly yes: boolean;
}

/** Learns what the target's server loads and grants, shows it, and saves it in the project file; each after a question. */
export async function learn(order: LearnOrder, terminal: Terminal): Promise<void> {
  const { workspace, target, format, yes } = order;
  refuseBrokenProject(workspace);
  const may = async (question: string): Promise<boolean> =>
    yes || /^y(?:es)?$/i.test((await terminal.ask(`${harmless(question)} yes or no: `))?.trim() ?? '');
  if (!yes && !terminal.interactive)
    throw new ActionError(
      'There is no terminal to ask on, so nothing was tried. With --yes nothing is asked.',
    );
  const what = `A temporary folder is made in ${target.path} of "${target.name}", with a .htaccess per question, and asked some twenty times (over a hundred times where headers cannot be set); half of the answers are a 500 that stands in the server's log. Then it is removed. Go on?`;
  if (!(await may(what))) return;
  const learned = await withConnection(target, terminal, (connection) =>
    learnHost(connection, {
      target,
      signal: terminal.interrupted,
      onStep: (step) => terminal.err(`${step}\n`),
    }),
  ).catch((error: unknown) => {
    throw error instanceof LearningError ? new ActionError(error.message) : error;
  });
  terminal.out(
    format === 'json' ? `${JSON.stringify(learned, null, 2)}\n` : `${learnedText(learned, target.host)}\n`,
  );
  if (await may(`Save this as the host profile of "${target.name}" in .vscode/fastcgi.json?`))
    await save(workspace, target, learned, terminal);
}

async function save(
  { folder }: Workspace,
  { name }: Target,
  { host }: LearnedHost,
  terminal: Terminal,
): Promise<void> {
  const file = join(folder, PROJECT_FILE);
  const text = withTargetHost(await readFile(file, 'utf8'), name, host);
  if (text === undefined)
    throw new ActionError(
      `The project file has comments, so it was left alone. Put this into the target "${name}":\n"host": ${JSON.stringify(host, null, 2)}`,
    );
  await writeFile(file, text);
  terminal.err(`Saved as "host" of "${name}".\n`);
}
