import type { AdviceRule } from '../rule';

/**
 * A directive that Apache still takes but that its manual advises against, or that does nothing any more.
 *
 * Manual: https://httpd.apache.org/docs/2.4/upgrading.html
 */
export const deprecatedDirective: AdviceRule = {
  code: 'directive.deprecated',
  title: 'A directive that should not be used any more',
  severity: 'hint',
  *check(file) {
    for (const directive of file.directives) {
      const reason = directive.facts?.deprecated;
      // Order, Allow and Deny have a rule of their own, which knows what to write instead.
      if (reason === undefined || OLD_ACCESS.has(directive.name)) continue;
      yield { message: reason, ...file.nameOf(directive) };
    }
  },
};

const OLD_ACCESS: ReadonlySet<string> = new Set(['order', 'allow', 'deny', 'satisfy']);
