import { DIRECTORY_TYPE } from '../apache/modules/mod_dir';
import type { Outcome, UnknownUse } from '../apache/request/outcome';

/** What the answer needs beside the outcome. */
export interface AnswerOptions {
  readonly treeRoot: string;
  /** Whether the steps are listed. */
  readonly trace: boolean;
}

/** An outcome as the JSON of `fastcgi explain` (design of the command's contract); all texts are byte strings. */
export function outcomeAnswer(
  outcome: Outcome,
  { treeRoot, trace }: AnswerOptions,
): Readonly<Record<string, unknown>> {
  const { answer } = outcome;
  const answered = answer.kind === 'file' || answer.kind === 'handler' || answer.kind === 'listing';
  return {
    status: outcome.status,
    location: outcome.location,
    uri: outcome.uri,
    answered,
    file: answered ? fileOf(answer.file, answer.kind === 'listing', treeRoot) : null,
    pathInfo: answered ? outcome.pathInfo : null,
    query: answered || outcome.status === 404 ? outcome.query : null,
    handler: handlerOf(answer),
    contentType: typeOf(answer),
    env: outcome.env,
    headers: headersOf(outcome.headers),
    redirects: outcome.redirects,
    ...(outcome.unknown === undefined ? {} : { unknown: outcome.unknown.map(unknownOf(treeRoot)) }),
    ...(trace ? { trace: outcome.trace } : {}),
  };
}

const unknownOf =
  (treeRoot: string) =>
  ({ directive, origin, reason }: UnknownUse): Readonly<Record<string, unknown>> => ({
    directive,
    file: origin.file === undefined ? null : relativeTo(treeRoot, origin.file, false),
    line: origin.line ?? null,
    reason,
  });

/** Of static files (a folder is none), and where the type itself names who answers. */
function typeOf(answer: Outcome['answer']): string | null {
  if (answer.kind === 'handler') return answer.isByType === true ? answer.handler : null;
  if (answer.kind !== 'file' || answer.handler !== undefined) return null;
  return answer.contentType === DIRECTORY_TYPE ? null : answer.contentType;
}

function handlerOf(answer: Outcome['answer']): string | null {
  if (answer.kind === 'handler' && answer.isByType === true) return null;
  if (answer.kind === 'handler' || answer.kind === 'file') return answer.handler ?? null;
  return answer.kind === 'listing' ? DIRECTORY_TYPE : null;
}

/** The tree itself is the empty path. */
function fileOf(file: string, isFolder: boolean, treeRoot: string): string {
  const path = relativeTo(treeRoot, file, isFolder);
  return path === '/' ? '' : path;
}

/** Relative to the tree; a folder has a slash at the end. */
export function relativeTo(treeRoot: string, path: string, isFolder: boolean): string {
  const below =
    path === treeRoot ? '' : path.startsWith(`${treeRoot}/`) ? path.slice(treeRoot.length + 1) : path;
  return isFolder && !below.endsWith('/') ? `${below}/` : below;
}

/** Several of one name, whatever its case, become a list. */
function headersOf(headers: Outcome['headers']): Readonly<Record<string, string | string[]>> {
  const names = new Map<string, string>();
  const values = new Map<string, string | string[]>();
  for (const [name, value] of headers) {
    const shown = names.get(name.toLowerCase()) ?? name;
    names.set(name.toLowerCase(), shown);
    const before = values.get(shown);
    values.set(shown, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(values);
}
