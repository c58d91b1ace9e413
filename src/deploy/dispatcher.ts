import { RemoteError } from '../remote/errors';
import { listLocal } from './scan';

/** The parts of a project that say where its dispatcher is. */
export interface DispatcherPlace {
  /** Relative to the workspace; `.` for the workspace itself. */
  readonly documentRoot: string;
  /** Relative to the workspace, where it is named. */
  readonly dispatcher?: string;
}

/**
 * The dispatcher's path relative to the document root, with `/`: the one that the project file names, else the `.fcgi` file in the
 * tree, `dispatch.fcgi` before others and higher folders before deeper ones. Undefined where there is none.
 */
export async function findDispatcher(
  localRoot: string,
  { documentRoot, dispatcher }: DispatcherPlace,
): Promise<string | undefined> {
  if (dispatcher !== undefined) return namedDispatcher(documentRoot, dispatcher);
  const files = await listLocal(localRoot, [], { skipsUnreadable: true });
  const found = files.filter((path) => path.endsWith('.fcgi'));
  const rank = (path: string): number =>
    path.split('/').length + (/(?:^|\/)dispatch\.fcgi$/.test(path) ? 0 : 1000);
  return found.sort((a, b) => rank(a) - rank(b))[0];
}

function namedDispatcher(documentRoot: string, dispatcher: string): string {
  if (documentRoot === '.') return dispatcher;
  if (dispatcher.startsWith(`${documentRoot}/`)) return dispatcher.slice(documentRoot.length + 1);
  throw new RemoteError(
    'configuration',
    `The dispatcher "${dispatcher}" lies outside the document root "${documentRoot}". Correct .vscode/fastcgi.json.`,
  );
}
