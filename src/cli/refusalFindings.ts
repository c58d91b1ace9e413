import { readHtaccess } from '../apache/config/judge';
import { HtaccessDocument, MOST_CHARACTERS } from '../language/document';
import { refusalOf, shortened } from '../language/verdict';
import { textOfByteString } from '../text/bytes';
import { LineIndex } from '../text/lines';
import type { WorkspaceAdvisor } from './adviceOn';
import type { CheckFinding } from './findings';

/** A .htaccess that was read. */
export interface CheckedHtaccess {
  readonly path: string;
  /** The path as it is shown. */
  readonly shown: string;
  /** Content, a byte string. */
  readonly source: string;
}

/** Apache's verdict on a .htaccess, with the line that Apache names: nothing, or its first error. */
export function refusalFindings(
  { path, shown, source }: CheckedHtaccess,
  advisor: WorkspaceAdvisor,
): readonly CheckFinding[] {
  const { verdict } = readHtaccess(source, advisor.host, advisor.placeOf(path));
  if (verdict.ok) return [];
  const { line } = verdict;
  const message = `Apache answers 500: ${shortened(textOfByteString(verdict.message ?? ''))}`;
  const exact = exactRefusal({ path, source, line }, advisor);
  return [{ file: shown, line, ...exact, severity: 'error', message }];
}

/**
 * What Apache stumbled over. The column is given where it counts in the line that Apache names, which of a continued one
 * is the last.
 */
function exactRefusal(
  { path, source, line }: Pick<CheckedHtaccess, 'path' | 'source'> & Pick<CheckFinding, 'line'>,
  advisor: WorkspaceAdvisor,
): Pick<CheckFinding, 'code' | 'column'> {
  if (source.length > MOST_CHARACTERS) return { code: 'apache.refused', column: null };
  const document = new HtaccessDocument(textOfByteString(source));
  // Bytes that are no UTF-8 do not come back from text: offsets would be wrong.
  const refused =
    document.source === source ? refusalOf(document, advisor.host, advisor.placeOf(path)) : undefined;
  if (refused === undefined) return { code: 'apache.refused', column: null };
  const at = new LineIndex(source).positionAt(refused.span.start);
  return { code: refused.code, column: at.line + 1 === line ? at.character + 1 : null };
}
