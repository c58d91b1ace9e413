import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.expression-captures', () => {
  test('in the rule', () => {
    expectAdvice(`RewriteEngine On
RewriteCond expr "-n %{QUERY_STRING}"
RewriteRule ^a$ /b-%1 [L]
                   ^^ rewrite.expression-captures
`);
  });

  test('in the expression', () => {
    expectAdvice(`RewriteEngine On
RewriteCond expr "$1 == 'a'"
                  ^^^^^^^^^ rewrite.expression-captures
RewriteRule ^a$ /b [L]
`);
  });

  test('with a match', () => {
    expectAdvice(`RewriteEngine On
RewriteCond expr "%{QUERY_STRING} =~ /a(.)/ && $1 == 'a'"
RewriteRule ^a$ /b-%1 [L]
`);
  });
});
