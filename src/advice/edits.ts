import type { ActiveDirective } from './directives';
import type { AdviceFile } from './file';
import type { AdviceFix, TextEdit } from './rule';
import type { FlagFacts, RewriteParts } from './rewriteScopes';

/** Removes one flag of a RewriteRule or RewriteCond; the brackets, too, where it is the only one. Undefined where that is not safe. */
export function withoutFlag(
  file: AdviceFile,
  facts: RewriteParts & { readonly directive: ActiveDirective },
  flag: FlagFacts,
): readonly TextEdit[] | undefined {
  const { directive, flags, eachFlag } = facts;
  if (flags === undefined || !directive.isLiteral) return undefined;
  const at = eachFlag.indexOf(flag);
  const next = eachFlag[at + 1];
  const before = eachFlag[at - 1];
  if (next !== undefined) return [{ ...file.spanOf(directive, flag.start, next.start), text: '' }];
  if (before !== undefined) return [{ ...file.spanOf(directive, before.end, flag.end), text: '' }];
  const blank = directive.args.slice(0, flags.start).trimEnd().length;
  return [{ ...file.spanOf(directive, blank, flags.end), text: '' }];
}

/** Adds a flag to a RewriteRule or RewriteCond. */
export function withFlag(
  file: AdviceFile,
  { directive, flags, second }: RewriteParts & { readonly directive: ActiveDirective },
  flag: string,
): readonly TextEdit[] | undefined {
  if (!directive.isLiteral) return undefined;
  if (flags !== undefined) {
    const { end } = file.spanOf(directive, flags.start, flags.end);
    const isEmpty = flags.end - flags.start <= 2;
    return [{ start: end - 1, end: end - 1, text: isEmpty ? flag : `,${flag}` }];
  }
  const quote = '"\''.includes(directive.args[second.end] ?? ' ') ? 1 : 0;
  const { end } = file.spanOf(directive, second.start, second.end + quote);
  return [{ start: end, end, text: ` [${flag}]` }];
}

/** Puts a line before a directive, with the same indentation. */
export function lineBefore(file: AdviceFile, directive: ActiveDirective, text: string): TextEdit {
  const { start } = directive.line;
  return { start, end: start, text: `${file.indentOf(directive)}${text}${file.lineEnd}` };
}

/** A fix where there are edits; nothing to spread otherwise. */
export function fixOf(title: string, edits: readonly TextEdit[] | undefined): { readonly fix?: AdviceFix } {
  return edits === undefined ? {} : { fix: { title, edits } };
}
