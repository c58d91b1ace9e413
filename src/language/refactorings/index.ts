import { CodeActionKind, type CodeAction, type Range } from 'vscode-languageserver';
import type { HostProfile } from '../../apache/host';
import { textOfByteString } from '../../text/bytes';
import { directiveOn } from '../catalog';
import type { FileLister } from '../completion';
import type { Entry, HtaccessDocument } from '../document';
import { toFix, type ByteFix } from '../problem';
import { redirectFixes } from './redirects';
import { withoutDispatcher } from './withoutDispatcher';

/** What can be made of a place in a file. */
export interface RefactoringRequest {
  readonly uri: string;
  readonly range: Range;
  readonly host: HostProfile;
  /** The files around it; without them no folder is proposed. */
  readonly files?: FileLister;
}

/** What a refactoring knows of the place of the cursor. */
export interface RefactoringPlace {
  readonly document: HtaccessDocument;
  /** The line; undefined behind the last one. */
  readonly entry: Entry | undefined;
  readonly offset: number;
  readonly host: HostProfile;
  readonly files: FileLister | undefined;
}

/** Changes that a person may want at a place of a file in which nothing is wrong. Never throws. */
export function refactorings(document: HtaccessDocument, request: RefactoringRequest): CodeAction[] {
  const { uri, range, host, files } = request;
  if (document.isTooLarge || directiveOn(host, 'RewriteRule').standing !== 'fine') return [];
  const offset = document.offsetAt(range.start);
  const place = { document, entry: document.entryAt(offset), offset, host, files };
  return [...withoutDispatcher(place), ...redirectFixes(place)].map((fix) => action(document, fix, uri));
}

function action(document: HtaccessDocument, fix: ByteFix, uri: string): CodeAction {
  const { title, edits } = toFix(document, fix, textOfByteString);
  return { title, kind: CodeActionKind.RefactorRewrite, edit: { changes: { [uri]: [...edits] } } };
}
