import { readWords } from '../../apache/syntax/words';
import type { ActiveDirective } from '../directives';
import type { AdviceFile } from '../file';
import type { AdviceFix, AdviceRule, TextEdit } from '../rule';
import { requireLines } from '../requireLines';
import { linesBelow } from '../walk';

/**
 * `Order`, `Allow` and `Deny` are the access control of Apache 2.2. In 2.4 they work only while the host loads
 * mod_access_compat, and mixed with `Require` both have to agree, which surprises. `Require` says the same in fewer lines.
 *
 * Bad:
 * ```apache
 * Order deny,allow
 * Deny from all
 * Allow from 192.0.2.7
 * ```
 *
 * Good:
 * ```apache
 * Require ip 192.0.2.7
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/upgrading.html#access
 */
export const oldAccess: AdviceRule = {
  code: 'access.old-directives',
  title: 'Access control of Apache 2.2',
  severity: 'hint',
  *check(file) {
    if (!file.directives.some(isOld)) return;
    const guarded = linesBelow(file.tree, isGuard);
    for (const group of groupsOf(
      file.directives.filter((one) => isOld(one) && !guarded.has(one.line.start)),
    )) {
      const [first] = group;
      if (first === undefined) continue;
      const fix = fixFor(file, group);
      yield {
        message:
          'Order, Allow and Deny are of Apache 2.2. They need mod_access_compat, and combined with Require both must let the visitor in. Require says the same.',
        ...file.wholeOf(first),
        ...(fix === undefined ? {} : { fix }),
      };
    }
  },
};

const isOld = ({ name }: ActiveDirective): boolean => name === 'order' || name === 'allow' || name === 'deny';

/** A section that asks for mod_access_compat itself: whoever writes that knows. */
const isGuard = (name: string, args: string): boolean =>
  name === 'ifmodule' && args.includes('access_compat');

/** Directives that work together: those of the same section, or of none. */
function groupsOf(directives: readonly ActiveDirective[]): ActiveDirective[][] {
  const groups = new Map<ActiveDirective | undefined, ActiveDirective[]>();
  for (const directive of directives) {
    const group = groups.get(directive.section);
    if (group === undefined) groups.set(directive.section, [directive]);
    else group.push(directive);
  }
  return [...groups.values()];
}

function fixFor(file: AdviceFile, group: readonly ActiveDirective[]): AdviceFix | undefined {
  const [first, ...others] = group;
  if (first === undefined || first.section?.name.startsWith('<limit') === true) return undefined;
  const canRequire =
    file.host.modules.includes('mod_authz_core') && file.host.modules.includes('mod_authz_host');
  if (!canRequire || first.scope.directives.some(({ name }) => ALSO_DECIDE.has(name))) return undefined;
  const lines = requireLines(
    group.map(({ name, args }) => ({ name, words: readWords(args).map(({ value }) => value) })),
  );
  if (lines === undefined || group.some(({ isLiteral }) => !isLiteral)) return undefined;
  const indent = file.indentOf(first);
  const edits: TextEdit[] = [{ ...file.wholeOf(first), text: lines.join(`${file.lineEnd}${indent}`) }];
  for (const { line } of others) edits.push({ start: line.start, end: line.end, text: '' });
  return { title: 'Write it with Require', edits };
}

/** With one of these in the same place, another form would not mean the same. */
const ALSO_DECIDE: ReadonlySet<string> = new Set([
  'require',
  'satisfy',
  '<requireall',
  '<requireany',
  '<requirenone',
  '<limit',
  '<limitexcept',
]);
