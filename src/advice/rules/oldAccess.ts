import { readHtaccess } from '../../apache/config/judge';
import { readWords } from '../../apache/syntax/words';
import type { Site } from '../../apache/site';
import { htaccessBelow } from '../below';
import type { ActiveDirective } from '../directives';
import type { AdviceFile } from '../file';
import type { AdviceFix, AdviceRule, TextEdit } from '../rule';
import { requireLines } from '../requireLines';
import { linesBelow, sectionsAround } from '../walk';

/**
 * `Order`, `Allow` and `Deny` are the access control of Apache 2.2. In 2.4 they work only while the host loads
 * mod_access_compat, and mixed with `Require` both have to agree, which surprises. `Require` says the same in fewer lines.
 * The whole file is rewritten at once, and only where the answers surely stay the same: where neither `Require`, `Satisfy`
 * nor `<Limit>` has a say in it, and no `.htaccess` above or below restricts access.
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
    const groups = groupsOf(file.directives.filter((one) => isOld(one) && !guarded.has(one.line.start)));
    const fix = guarded.size > 0 ? undefined : fixFor(file, groups);
    for (const [first] of groups) {
      if (first === undefined) continue;
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

/**
 * All groups at once: what is left in the old way would have to agree with the new, and a Require in one place sets aside
 * those around it.
 */
function fixFor(file: AdviceFile, groups: readonly (readonly ActiveDirective[])[]): AdviceFix | undefined {
  if (file.directives.some(({ name }) => ALSO_DECIDE.has(name)) || !isAlone(file)) return undefined;
  const edits: TextEdit[] = [];
  for (const group of groups) {
    const own = editsFor(file, group);
    if (own === undefined) return undefined;
    edits.push(...own);
  }
  const { host, directory, site } = file;
  const around = { directory, ...(site && { site }) };
  // The host may take the old directives (AllowOverride Limit), and not the new one (AuthConfig).
  const { verdict } = readHtaccess(edited(file.source, edits), host, around);
  return verdict.ok ? { title: 'Write it with Require', edits } : undefined;
}

function editsFor(file: AdviceFile, group: readonly ActiveDirective[]): readonly TextEdit[] | undefined {
  const [first, ...others] = group;
  if (first === undefined || group.some(({ isLiteral }) => !isLiteral)) return undefined;
  const around = sectionsAround(file.tree);
  if (others.some(({ line }) => around.get(line.start) !== around.get(first.line.start))) return undefined;
  const lines = requireLines(
    group.map(({ name, args }) => ({ name, words: readWords(args).map(({ value }) => value) })),
  );
  if (lines === undefined) return undefined;
  const text = lines.join(`${file.lineEnd}${file.indentOf(first)}`);
  return [
    { ...file.wholeOf(first), text },
    ...others.map(({ line }) => ({ start: line.start, end: line.end, text: '' })),
  ];
}

function edited(source: string, edits: readonly TextEdit[]): string {
  let text = source;
  for (const { start, end, text: put } of [...edits].sort((one, other) => other.start - one.start))
    text = text.slice(0, start) + put + text.slice(end);
  return text;
}

/** With one of these in the file, another form would not mean the same. */
const ALSO_DECIDE: ReadonlySet<string> = new Set([
  'authmerging',
  'authtype',
  'require',
  'satisfy',
  '<requireall',
  '<requireany',
  '<requirenone',
  '<limit',
  '<limitexcept',
]);

/** The beginning of a line that restricts access, or says how. */
const RESTRICTS =
  /^[ \t]*(?:allow|deny|order|satisfy|require|authmerging|authtype|<limit|<limitexcept|<require\w+)[\s>]/im;

/** No other .htaccess on the way of a request restricts access: the old directives and Require are handed down side by side. */
function isAlone({ site, directory, host }: AdviceFile): boolean {
  if (site === undefined) return false;
  for (let folder = parentOf(directory); folder.startsWith(`${host.treeRoot}/`); folder = parentOf(folder))
    if (restricts(site, folder)) return false;
  for (const file of htaccessBelow(site, directory))
    if (file === 'unknown' || RESTRICTS.test(file.content)) return false;
  return true;
}

function restricts(site: Site, folder: string): boolean {
  const read = site.read(`${folder}.htaccess`);
  return read === 'unreadable' || (read !== undefined && RESTRICTS.test(read.content));
}

const parentOf = (folder: string): string => folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
