import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('redirect.query-in-path', () => {
  test('Redirect', () => {
    expectAdvice(`Redirect 301 /a.php?id=1 /b
^^^^^^^^^^^^^^^^^^^^^^^^^^^ redirect.query-in-path
`);
  });

  test('in the target', () => {
    expectAdvice(`Redirect 301 /a.php /b?id=1
`);
  });
});
