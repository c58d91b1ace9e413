import type { Node } from '../../apache/regex';
import { fixOf } from '../edits';
import type { ActiveDirective } from '../directives';
import type { AdviceFile } from '../file';
import type { AdviceRule, Finding } from '../rule';

/**
 * A dot in a regular expression stands for any character. In the name of a host or before the extension of a file a dot is
 * meant: `.php$` also matches `/graphphp`, and `www.example.com` also `www-example.com`.
 *
 * Bad:
 * ```apache
 * <FilesMatch ".(bak|old)$">
 *   Require all denied
 * </FilesMatch>
 * ```
 *
 * Good:
 * ```apache
 * <FilesMatch "\.(bak|old)$">
 *   Require all denied
 * </FilesMatch>
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/intro.html#regex
 */
export const unescapedDot: AdviceRule = {
  code: 'regex.unescaped-dot',
  title: 'A dot that stands for any character',
  severity: 'hint',
  *check(file) {
    for (const { directive, pattern } of file.regexes) {
      const at = isHostCondition(directive) ? dotInHost(file, pattern) : dotBeforeExtension(file, pattern);
      if (at !== undefined) yield finding(file, directive, pattern, at);
    }
  },
};

const isHostCondition = ({ name, args }: ActiveDirective): boolean =>
  name === 'rewritecond' && /^["']?%\{(?:HTTP_HOST|SERVER_NAME)\}["']?\s/i.test(args);

/** A single dot between letters or digits, in a pattern that spells out a name. */
function dotInHost(file: AdviceFile, pattern: string): number | undefined {
  for (const items of file.pattern(pattern).alternatives) {
    const at = items.findIndex(
      (item, index) =>
        item.kind === 'dot' && endsInWord(items[index - 1]) && /^[a-z]{2,}/i.test(textOf(items[index + 1])),
    );
    if (at >= 0) return items[at]?.start;
  }
  return undefined;
}

/** A single dot before an extension at the end of the pattern. */
function dotBeforeExtension(file: AdviceFile, pattern: string): number | undefined {
  for (const items of file.pattern(pattern).alternatives) {
    const [dot, extension, end] = items.slice(-3);
    if (
      dot?.kind !== 'dot' ||
      end?.kind !== 'anchor' ||
      end.type !== '$' ||
      (items.length === 3 && !isGroupOfNames(extension))
    )
      continue;
    const before = items[items.length - 4];
    if (
      before !== undefined &&
      before.kind !== 'literal' &&
      before.kind !== 'group' &&
      before.kind !== 'quantified'
    )
      continue;
    if (isGroupOfNames(extension) || EXTENSIONS.test(textOf(extension))) return dot.start;
  }
  return undefined;
}

const EXTENSIONS =
  /^(?:php\d?|html?|css|js|jpe?g|png|gif|svg|webp|ico|pdf|txt|xml|json|fcgi|cgi|pl|py|asp|aspx|jsp|zip)$/i;

function isGroupOfNames(item: Node | undefined): boolean {
  if (item?.kind !== 'group' || (item.type !== 'plain' && item.type !== 'capture')) return false;
  return item.alternatives.every((items) => items.length === 1 && /^[a-z0-9]{2,5}$/i.test(textOf(items[0])));
}

const textOf = (item: Node | undefined): string => (item?.kind === 'literal' ? item.text : '');

const endsInWord = (item: Node | undefined): boolean =>
  /[a-z0-9]$/i.test(textOf(item)) || item?.kind === 'group';

function finding(file: AdviceFile, directive: ActiveDirective, pattern: string, at: number): Finding {
  const found = directive.args.indexOf(pattern);
  const start = found + at;
  const isPlace = found >= 0 && directive.args[start] === '.' && directive.isLiteral;
  const span =
    isPlace || directive.name.startsWith('<')
      ? file.spanOf(directive, start, start + 1)
      : file.wholeOf(directive);
  const isLiteralPlace = found >= 0 && file.source[span.start] === '.';
  return {
    message: 'This dot matches any character. A dot itself is written "\\.".',
    ...(isLiteralPlace ? span : file.wholeOf(directive)),
    ...fixOf('Write \\.', isLiteralPlace ? [{ start: span.start, end: span.start, text: '\\' }] : undefined),
  };
}
