import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('rewrite.unknown-flag', () => {
  test('a misspelled DPI', () => {
    const text = `RewriteEngine On
RewriteRule ^a$ /b [DIP,L]
                    ^^^ rewrite.unknown-flag
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`RewriteEngine On
RewriteRule ^a$ /b [L]
`);
  });

  test('known ones', () => {
    expectAdvice(`RewriteEngine On
RewriteRule ^a$ /b [DPI,L]
RewriteRule ^c$ /d [discardpath,L]
`);
  });
});
