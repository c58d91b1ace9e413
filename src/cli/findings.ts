import type { Advice } from '../advice';
import { checkDispatcher, interpreterOf } from '../dispatcher';
import { MOST_PROBLEMS, NOT_TEXT } from '../language/diagnostics';
import { MOST_CHARACTERS } from '../language/document';
import type { ProjectProblem } from '../project';
import { dispatcherFacts } from '../runner/dispatcherFacts';
import { textOfByteString } from '../text/bytes';
import type { WorkspaceAdvisor } from './adviceOn';
import { readRegularFile, type CheckedKind } from './files';
import { refusalFindings } from './refusalFindings';

/** One thing that `fastcgi check` found. */
export interface CheckFinding {
  /** Path as it is shown, with `/`. */
  readonly file: string;
  /** 1-based; null where the finding concerns the whole file. */
  readonly line: number | null;
  /** 1-based, in bytes (in the project file: in UTF-16 units); null where the whole line is meant. */
  readonly column: number | null;
  /** `apache.…` (what kind of refusal), `project.…`, or the code of a check or an advice. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'advice';
  /** Ordinary text. */
  readonly message: string;
}

/** Bytes of a program that are looked at. */
const MOST_OF_PROGRAM = 500_000;

/** Reads a file and says what is wrong with it; a file that cannot be read is a finding, too. */
export async function findingsOf(
  file: { readonly path: string; readonly shown: string; readonly kind: CheckedKind },
  advisor: WorkspaceAdvisor,
): Promise<readonly CheckFinding[]> {
  try {
    const bytes = await readRegularFile(file.path);
    if (file.kind === 'htaccess') return htaccessFindings(file, bytes.toString('latin1'), advisor);
    // What is wrong with a script is near its beginning; programs that were compiled may be large.
    return await dispatcherFindings(file, bytes.subarray(0, MOST_OF_PROGRAM), advisor);
  } catch (error) {
    const message = `The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    return [
      { file: file.shown, line: null, column: null, code: 'file.unreadable', severity: 'error', message },
    ];
  }
}

/** What was named to be checked, and is not there; `file` is its path as it is shown. */
export function missingFinding(file: string): CheckFinding {
  const message = 'There is no such file or folder.';
  return { file, line: null, column: null, code: 'file.missing', severity: 'error', message };
}

/** What is wrong with a project file; `file` is its path as it is shown. */
export function projectFindings(problems: readonly ProjectProblem[], file: string): readonly CheckFinding[] {
  return problems.map(({ code, severity, message, line, character }) => ({
    file,
    line: line + 1,
    column: character + 1,
    code: `project.${code}`,
    severity,
    message,
  }));
}

function htaccessFindings(
  { path, shown }: { readonly path: string; readonly shown: string },
  source: string,
  advisor: WorkspaceAdvisor,
): readonly CheckFinding[] {
  const refused = refusalFindings({ path, shown, source }, advisor);
  const unread = whyNoAdvice(source);
  if (unread !== undefined)
    return [...refused, { file: shown, line: null, column: null, severity: 'advice', ...unread }];
  const advice = advisor.on(path, source).slice(0, MOST_PROBLEMS);
  return [...refused, ...advice.map((one) => adviceFinding(one, shown, source))];
}

function adviceFinding(one: Advice, file: string, source: string): CheckFinding {
  const column = one.start - source.lastIndexOf('\n', one.start - 1);
  const severity = one.severity === 'error' ? 'error' : 'advice';
  return { file, line: one.line, column, code: one.code, severity, message: textOfByteString(one.message) };
}

/** Files that are hardly meant to be a .htaccess get Apache's verdict alone. */
function whyNoAdvice(source: string): Pick<CheckFinding, 'code' | 'message'> | undefined {
  if (source.includes('\0')) return { code: 'file.not-text', message: NOT_TEXT };
  if (source.length <= MOST_CHARACTERS) return undefined;
  const size = `about ${Math.round(source.length / 1_000_000)} MB`;
  const message = `This file is too large (${size}) for more than Apache's verdict. Apache reads it anew for every request: nothing here should need so much.`;
  return { code: 'file.too-large', message };
}

async function dispatcherFindings(
  { path, shown }: { readonly path: string; readonly shown: string },
  bytes: Uint8Array,
  advisor: WorkspaceAdvisor,
): Promise<readonly CheckFinding[]> {
  const facts = await dispatcherFacts(path, {
    // Who types the command trusts the folder, as with git itself.
    isTrusted: true,
    interpreter: interpreterOf(bytes),
    ...(advisor.described && { place: advisor.dispatcherPlace }),
  });
  return checkDispatcher(bytes, { ...facts, path: shown }).map(({ code, severity, message, range }) => {
    const column = range.start.character === 0 ? null : range.start.character + 1;
    const spoken = severity === 'information' ? 'advice' : severity;
    return { file: shown, line: range.start.line + 1, column, code, severity: spoken, message };
  });
}
