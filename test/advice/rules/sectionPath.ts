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

  test('what other rules of the section made of the path', () => {
    expectAdvice(`RewriteEngine On
<If "true">
RewriteRule /a$ b
RewriteRule ^b /c [L]
</If>
<Files a>
RewriteRule ^b /c [L]
RewriteRule /a$ b [N]
                ^ rewrite.section-path
</Files>
`);
  });

  test('a target that a redirect can complete', () => {
    expectAdvice(`RewriteEngine On
<Files a>
RewriteBase /
RewriteRule /a$ b [R,L]
</Files>
<Files b>
RewriteRule /b$ c [R,L]
                ^ rewrite.section-path
</Files>
`);
  });

  test('a target that a variable makes a whole URL', () => {
    expectAdvice(`RewriteEngine On
<Files a>
RewriteRule /a$ http%{ENV:S}://www.example.test/b [R,L]
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
