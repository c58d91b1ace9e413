import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.section-replaces-rules', () => {
  test('If', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ /b [L]
<If "%{HTTPS} == 'on'">
  RewriteRule /c$ /d [L]
  ^^^^^^^^^^^^^^^^^^^^^^ rewrite.section-replaces-rules
</If>
`);
  });

  test('inherited on purpose, or switched off', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ /b [L]
<If "%{HTTPS} == 'on'">
  RewriteOptions Inherit
  RewriteRule /c$ /d [L]
</If>
<Files x>
  RewriteEngine Off
</Files>
`);
  });

  test('no rules outside', () => {
    expectAdvice(`RewriteEngine On
<If "%{HTTPS} == 'on'">
  RewriteRule /c$ /d [L]
</If>
`);
  });
});
