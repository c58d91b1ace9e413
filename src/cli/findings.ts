import { readFile } from 'node:fs/promises';
import { checkDispatcher, interpreterOf } from '../dispatcher';
import type { ProjectProblem } from '../project';
import { dispatcherFacts } from '../runner/dispatcherFacts';
import { byteStringOf, textOfByteString } from '../text/bytes';
import type { WorkspaceAdvisor } from './adviceOn';
import type { CheckedKind } from './files';
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

/** Reads a file and says what is wrong with it; a file that cannot be read is a finding, too. */
export async function findingsOf(
  file: { readonly path: string; readonly shown: string; readonly kind: CheckedKind },
  advisor: WorkspaceAdvisor,
): Promise<readonly CheckFinding[]> {
  try {
    const bytes = await readFile(file.path);
    if (file.kind === 'htaccess') return htaccessFindings(file, byteStringOf(bytes), advisor);
    return await dispatcherFindings(file, bytes, advisor);
  } catch (error) {
    const message = `The file cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return [
      { file: file.shown, line: null, column: null, code: 'file.unreadable', severity: 'error', message },
    ];
  }
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
  const advice = advisor.on(path, source).map((one): CheckFinding => {
    const column = one.start - source.lastIndexOf('\n', one.start - 1);
    const severity = one.severity === 'error' ? 'error' : 'advice';
    const said = { code: one.code, severity, message: textOfByteString(one.message) } as const;
    return { file: shown, line: one.line, column, ...said };
  });
  return [...refusalFindings({ path, shown, source }, advisor), ...advice];
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
