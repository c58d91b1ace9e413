import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('regex.exponential', () => {
  test('nested repetition', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^(\\w+\\s?)*$ /b [END]
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ regex.exponential
`);
  });

  test('in other directives', () => {
    expectAdvice(`SetEnvIf Request_URI "^(a|a)*b$" x
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ regex.exponential
`);
  });

  test('repetition with a separator', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{QUERY_STRING} (<|%3C)([^s]*s)+cript.*(>|%3E) [NC]
RewriteRule ^([a-z]+/)*(\\d+)$ /b [L]
`);
  });
});
