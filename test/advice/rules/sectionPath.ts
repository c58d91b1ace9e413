import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.section-path', () => {
  test('pattern', () => {
    expectAdvice(`RewriteEngine On
<Files a>
RewriteRule ^a$ /b [L]
            ^^^ rewrite.section-path
</Files>
`);
  });

  test('target', () => {
    expectAdvice(`RewriteEngine On
<Files a>
RewriteRule /a$ b [L]
                ^ rewrite.section-path
</Files>
`);
  });

  test('in an IfModule', () => {
    expectAdvice(`RewriteEngine On
<IfModule mod_dir.c>
RewriteRule ^a$ b [L]
</IfModule>
`);
  });
});
