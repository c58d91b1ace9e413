import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('expr.trailing-backslash', () => {
  test('AuthName', () => {
    expectAdvice(`AuthName "a\\\\"
^^^^^^^^^^^^^^ expr.trailing-backslash
`);
  });

  test('another mistake', () => {
    expectAdvice(`<If "%{NO_SUCH} == 1">
</If>
`);
  });
});
