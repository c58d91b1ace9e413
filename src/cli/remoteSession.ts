import { findDispatcher } from '../deploy/dispatcher';
import type { Target } from '../project';
import type { RemoteConnection } from '../remote/connection';
import { terminalPrompts } from './remotePrompts';
import type { Terminal } from './terminal';
import type { Workspace } from './workspace';

/** Connects to a target, does something there, and closes the connection whatever happens. */
export async function withConnection<Result>(
  target: Target,
  terminal: Terminal,
  action: (connection: RemoteConnection) => Promise<Result>,
): Promise<Result> {
  // ssh2 is large: commands that connect to no server do without it.
  const { connect } = await import('../remote/connection');
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

/** The dispatcher's path relative to the document root, as `findDispatcher` of deploy/ says it. */
export function dispatcherOf({ documentRoot, project }: Workspace): Promise<string | undefined> {
  return findDispatcher(documentRoot, project);
}
