import { CodeActionKind, type CodeAction, type Diagnostic, type Range } from 'vscode-languageserver';
import { toDiagnostic, type Fix, type Problem } from './problem';

/** What a request for code actions tells. */
export interface CodeActionRequest {
  readonly uri: string;
  readonly range: Range;
  /** The editor's own diagnostics there: an action names the one that it mends. */
  readonly diagnostics: readonly Diagnostic[];
  /** Kinds that are wanted; all when absent. */
  readonly only?: readonly string[];
}

/** The quick fixes of the problems that a range touches, those of errors first. */
export function codeActions(problems: readonly Problem[], request: CodeActionRequest): CodeAction[] {
  const { only, range } = request;
  if (only !== undefined && !only.some((kind) => CodeActionKind.QuickFix.startsWith(kind))) return [];
  const touched = problems.filter((problem) => touches(problem.range, range));
  touched.sort((one, other) => Number(other.severity === 'error') - Number(one.severity === 'error'));
  return touched.flatMap((problem) => problem.fixes.map((fix) => action(problem, fix, request)));
}

function action(problem: Problem, fix: Fix, { uri, diagnostics }: CodeActionRequest): CodeAction {
  const own = diagnostics.filter(({ code, range }) => code === problem.code && touches(range, problem.range));
  return {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: own.length > 0 ? own : [toDiagnostic(problem, uri)],
    edit: { changes: { [uri]: [...fix.edits] } },
    ...(fix.isPreferred ? { isPreferred: true } : {}),
  };
}

function touches(one: Range, other: Range): boolean {
  return !isBefore(one.end, other.start) && !isBefore(other.end, one.start);
}

function isBefore(one: Range['start'], other: Range['start']): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}
