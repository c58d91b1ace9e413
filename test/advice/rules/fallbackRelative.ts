import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('dir.fallback-relative', () => {
  test('relative', () => {
    const text = `FallbackResource index.php
                 ^^^^^^^^^ dir.fallback-relative
`;
    expectAdvice(text);
    expect(fixed(text)).toBe(`FallbackResource /index.php
`);
  });

  test('absolute or off', () => {
    expectAdvice(`FallbackResource /index.php
FallbackResource disabled
`);
  });
});
