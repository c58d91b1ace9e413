import { relative, sep } from 'node:path';
import type { Target } from '../project';
import { connect, type RemoteConnection } from '../remote/connection';
import { filesBelow } from './files';
import { ActionError } from './command';
import { terminalPrompts } from './remotePrompts';
import type { Terminal } from './terminal';
import type { Workspace } from './workspace';

/** Connects to a target, does something there, and closes the connection whatever happens. */
export async function withConnection<Result>(
  target: Target,
  terminal: Terminal,
  action: (connection: RemoteConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await connect(target.ssh, {
    prompts: terminalPrompts(terminal),
    signal: terminal.interrupted,
    // Who types the command trusts the folder, as with ssh itself.
    trusted: true,
  });
  try {
    return await action(connection);
  } finally {
    connection.dispose();
  }
}

/**
 * The dispatcher's path relative to the document root, with `/`: the one that the project file names, else the .fcgi file in the tree,
 * `dispatch.fcgi` before others and higher folders before deeper ones. Undefined where there is none.
 */
export async function findDispatcher({
  folder,
  documentRoot,
  project,
}: Workspace): Promise<string | undefined> {
  if (project.dispatcher !== undefined) return namedDispatcher(folder, documentRoot, project.dispatcher);
  const found: string[] = [];
  for await (const { path, kind } of filesBelow(documentRoot)) {
    if (kind === 'dispatcher') found.push(relative(documentRoot, path).split(sep).join('/'));
  }
  const rank = (path: string): number =>
    path.split('/').length + (/(?:^|\/)dispatch\.fcgi$/.test(path) ? 0 : 1000);
  return found.sort((a, b) => rank(a) - rank(b))[0];
}

function namedDispatcher(folder: string, documentRoot: string, dispatcher: string): string {
  const root = relative(folder, documentRoot).split(sep).join('/');
  if (root === '') return dispatcher;
  if (dispatcher.startsWith(`${root}/`)) return dispatcher.slice(root.length + 1);
  throw new ActionError(
    `The dispatcher "${dispatcher}" lies outside the document root "${root}". Correct .vscode/fastcgi.json.`,
  );
}
