import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.handler-lost', () => {
  test('with a target', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ a.fcgi [H=fcgid-script,L]
                        ^^^^^^^^^^^^^^ rewrite.handler-lost
`);
  });

  test('without', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a\\.fcgi$ - [H=fcgid-script,L]
`);
  });
});
