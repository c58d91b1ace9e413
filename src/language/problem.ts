import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic,
  type Range,
  type TextEdit,
} from 'vscode-languageserver';
import type { Span } from '../text/lines';
import type { HtaccessDocument } from './document';

/** A replacement in the source: half-open byte offsets, text as a byte string. */
export interface ByteEdit extends Span {
  readonly text: string;
}

/** What a click can do about a problem; offsets are bytes. Edits do not overlap. */
export interface ByteFix {
  /** A byte string: it may quote the file. */
  readonly title: string;
  readonly edits: readonly ByteEdit[];
  /** The one that is nearly always meant. */
  readonly isPreferred?: boolean;
}

/** A fix as the editor takes it. Plain data, so that it can travel with a diagnostic. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  readonly isPreferred: boolean;
}

/** Another place in the file that a problem is about. */
export interface Related {
  readonly range: Range;
  readonly message: string;
}

/** `error` is Apache's refusal, or advice that the user set to it. */
export type ProblemSeverity = 'error' | 'warning' | 'information' | 'hint';

/** One thing to say about a .htaccess, in the editor's positions. */
export interface Problem {
  readonly range: Range;
  readonly severity: ProblemSeverity;
  /** Permanent: `apache.…` for Apache's verdict, the rule's code for advice. */
  readonly code: string;
  readonly message: string;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
  /** The page that explains it. */
  readonly manual?: string;
}

const SEVERITIES = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

/** Advice about lines that never have an effect: editors show them faded. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['rewrite.never-reached']);

/** Advice about what nobody should write any more: editors strike it through. */
const OUTDATED: ReadonlySet<string> = new Set(['directive.deprecated', 'access.old-directives']);

/** The diagnostic of a problem. `data` holds its fixes. */
export function toDiagnostic(problem: Problem, uri: string): Diagnostic {
  const { range, severity, code, message, related, fixes, manual } = problem;
  return {
    range,
    severity: SEVERITIES[severity],
    code,
    source: code.startsWith('apache.') ? 'Apache' : 'htaccess',
    message,
    ...(manual === undefined ? {} : { codeDescription: { href: manual } }),
    ...(related.length === 0
      ? {}
      : {
          relatedInformation: related.map((place) => ({
            location: { uri, range: place.range },
            message: place.message,
          })),
        }),
    ...(WITHOUT_EFFECT.has(code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(OUTDATED.has(code) ? { tags: [DiagnosticTag.Deprecated] } : {}),
    data: { fixes },
  };
}

/** A fix in the editor's positions; text becomes ordinary text again. */
export function toFix(document: HtaccessDocument, fix: ByteFix, toText: (bytes: string) => string): Fix {
  const edits = fix.edits.map((edit) => ({ range: document.rangeOf(edit), newText: toText(edit.text) }));
  return { title: toText(fix.title), edits, isPreferred: fix.isPreferred === true };
}
