import type { AdviceRule } from '../rule';

/**
 * A rule that rewrites to another file and sets a handler with `[H=…]` loses the rewriting: the handler is called at once,
 * for a file named `redirect:/…` that does not exist. A handler can be set by a rule with `-`, or by `<Files>` and
 * SetHandler.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^app$ app.fcgi [H=fcgid-script,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^app$ app.fcgi [L]
 * RewriteRule ^app\.fcgi$ - [H=fcgid-script]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/flags.html#flag_h
 */
export const handlerLost: AdviceRule = {
  code: 'rewrite.handler-lost',
  title: 'A handler and a rewriting in one rule',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) {
      for (const { directive, rule, eachFlag } of rules) {
        const flag = eachFlag.find(({ name }) => name === 'h' || name === 'handler');
        if (flag === undefined || rule.flags.noSubstitution || rule.flags.redirect || rule.flags.proxy)
          continue;
        if (/^[a-z]+:\/\//i.test(rule.substitution)) continue;
        yield {
          message:
            'The handler is called before the rewriting takes place, for a file named "redirect:/...". Set it in a second rule that does not rewrite ("-").',
          ...file.spanOf(directive, flag.start, flag.end),
        };
      }
    }
  },
};
