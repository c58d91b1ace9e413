import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('directive.deprecated', () => {
  test('nothing to say about ordinary ones', () => {
    expectAdvice(`DirectoryIndex a.php
`);
  });
});
