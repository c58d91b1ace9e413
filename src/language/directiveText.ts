import type { RegisteredDirective } from '../apache/config/registry';
import type { HostProfile } from '../apache/host';
import { DIRECTIVE_FACTS } from './directiveFacts';
import { CLASSES, directiveOn, type Judged } from './catalog';

/** Pages of the manual that are not called like the module. */
const PAGES: Readonly<Record<string, string>> = {
  http_core: 'core',
  util_ldap: 'mod_ldap',
};

/** Modules without a page in the manual. */
const WITHOUT_PAGE: ReadonlySet<string> = new Set([
  'mod_bucketeer',
  'mod_case_filter',
  'mod_case_filter_in',
  'mod_fastcgi',
]);

/** Directives that the manual describes on another page: all process managers share one. */
const COMMON_PROCESS_PAGE = 'mpm_common';

/** The address of a directive's description in Apache's manual; undefined where there is none. */
export function manualOf({ name, module }: RegisteredDirective): string | undefined {
  const anchor = name.replace(/^</, '').toLowerCase();
  if (module.name === 'mod_fcgid') return `https://httpd.apache.org/mod_fcgid/mod/mod_fcgid.html#${anchor}`;
  if (module.name === 'prefork')
    return `https://httpd.apache.org/docs/2.4/mod/${COMMON_PROCESS_PAGE}.html#${anchor}`;
  if (WITHOUT_PAGE.has(module.name)) return undefined;
  return `https://httpd.apache.org/docs/2.4/mod/${PAGES[module.name] ?? module.name}.html#${anchor}`;
}

/** The name as people write it: Apache registers some in lower case (`order`). */
export function usualName(name: string): string {
  return name.startsWith('<') ? name : name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** Most words that are listed in place of an argument. */
const MOST_LISTED = 8;

/** One line of syntax from the kind of the arguments: `RewriteEngine On|Off`. */
export function syntaxOf({ name, directive }: RegisteredDirective): string {
  const usual = usualName(name);
  const takes = DIRECTIVE_FACTS[usual]?.takes;
  const isSection = name.startsWith('<');
  if (takes !== undefined) return `${`${usual} ${takes}`.trimEnd()}${isSection ? '>' : ''}`;
  if (isSection) return `${name} …>`;
  const words = directive.values ?? [];
  const first = words.length > 1 && words.length <= MOST_LISTED ? words.join('|') : 'value';
  return `${usualName(name)} ${ARGUMENTS[directive.args](first)}`.trimEnd();
}

const ARGUMENTS = {
  RAW_ARGS: () => '…',
  NO_ARGS: () => '',
  TAKE1: (value: string) => value,
  ITERATE: (value: string) => `${value} …`,
  TAKE2: (value: string) => `${value} value`,
  ITERATE2: (value: string) => `${value} value …`,
  TAKE12: (value: string) => `${value} [value]`,
  TAKE3: (value: string) => `${value} value value`,
  TAKE23: (value: string) => `${value} value [value]`,
  TAKE123: (value: string) => `${value} [value] [value]`,
  TAKE13: (value: string) => `${value} [value value]`,
  TAKE_ARGV: (value: string) => `${value} …`,
  FLAG: () => 'On|Off',
} as const;

/** Where a directive may stand, in one sentence. */
function placeText({ directive }: RegisteredDirective): string {
  const classes = CLASSES.filter((place) => directive.where.includes(place));
  if (directive.where.includes('All'))
    return 'Allowed in `.htaccess` wherever AllowOverride grants anything.';
  if (classes.length === 0)
    return "Only in the server's own configuration; in a `.htaccess` Apache answers 500.";
  return `Allowed in \`.htaccess\` where AllowOverride grants ${classes.map((name) => `\`${name}\``).join(' or ')}.`;
}

/** What is wrong with the directive on the host; empty for nothing. */
function hostText({ standing, registered }: Judged, host: HostProfile): string {
  if (registered === undefined) return '';
  const { module, directive } = registered;
  switch (standing) {
    case 'module-missing':
      return `⚠ Your host does not load ${module.name}: Apache answers 500, unless it stands in \`<IfModule ${module.name}.c>\`.`;
    case 'not-granted':
      return `⚠ Your host grants \`AllowOverride ${host.allowOverride.join(' ')}\`, which does not include it: Apache answers 500.`;
    case 'too-new':
      return `⚠ Your host has Apache ${host.apache}: this needs 2.4.${directive.since ?? 0}.`;
    default:
      return '';
  }
}

/** Text in which only code between backticks is Markdown: `<Files>` is no HTML, and `*` no emphasis. */
function escaped(text: string): string {
  const parts = text.split('`');
  return parts
    .map((part, at) => (at % 2 === 0 ? part.replaceAll(/[<*_\\]/g, String.raw`\$&`) : part))
    .join('`');
}

/** What is worth knowing of a directive, in a few lines of Markdown; undefined for an unknown name. Sections with `<`. */
export function directiveText(name: string, host: HostProfile): string | undefined {
  const judged = directiveOn(host, name);
  const { registered } = judged;
  if (registered === undefined) return undefined;
  const { directive, module } = registered;
  const since = directive.since ?? 0;
  const manual = manualOf(registered);
  const byDefault = DIRECTIVE_FACTS[usualName(registered.name)]?.byDefault;
  const parts = [
    `\`\`\`htaccess\n${syntaxOf(registered)}\n\`\`\``,
    escaped(directive.summary ?? directive.help ?? ''),
    directive.deprecated === undefined ? '' : `**Deprecated.** ${escaped(directive.deprecated)}`,
    byDefault === undefined ? '' : `Without it: \`${usualName(registered.name)} ${byDefault}\``,
    hostText(judged, host),
    `${placeText(registered)}${since > 1 && judged.standing !== 'too-new' ? ` Since Apache 2.4.${since}.` : ''}`,
    manual === undefined ? module.name : `${module.name} · [Manual](${manual})`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}
