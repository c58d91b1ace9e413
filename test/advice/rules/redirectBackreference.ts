import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('redirect.backreference', () => {
  test('no group', () => {
    expectAdvice(`RedirectMatch ^/a$ /b/$1
                   ^^^^^ redirect.backreference
`);
  });

  test('a group', () => {
    expectAdvice(`RedirectMatch ^/a/(.*)$ /b/$1
RedirectMatch ^/c$ /d/\\$1
RedirectMatch 410 ^/e$
`);
  });
});
