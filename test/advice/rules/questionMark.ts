import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.question-mark', () => {
  test('silent unless asked', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^w/(.*)$ /w.php/$1 [L]
`);
  });

  test('asked', () => {
    expectAdvice(
      `RewriteEngine On
RewriteRule ^w/(.*)$ /w.php/$1 [L]
                            ^^ rewrite.question-mark
`,
      { severities: { 'rewrite.question-mark': 'hint' } },
    );
  });
});
