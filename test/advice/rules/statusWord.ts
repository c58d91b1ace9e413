import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.status-word', () => {
  test('misspelled', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ /b [L,R=permanet]
                      ^^^^^^^^^^ rewrite.status-word
`);
  });

  test('words and numbers', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ /b [R=permanent,L]
RewriteRule ^c$ /b [R=308,L]
RewriteRule ^d$ /b [R,L]
`);
  });
});
