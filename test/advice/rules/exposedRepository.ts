import { describe, expect, test } from 'vitest';
import { expectAdvice, fixed } from '../marked';

describe('exposure.repository', () => {
  test('.git', () => {
    const text = `DirectoryIndex a
^^^^^^^^^^^^^^^^ exposure.repository
`;
    expectAdvice(text, { site: { '.git/HEAD': 'ref', '.git/config': '' } });
    expect(fixed(text, { site: { '.git/HEAD': 'ref', '.git/config': '' } })).toBe(`DirectoryIndex a
RedirectMatch 404 "/\\.git(/|$)"
`);
  });

  test('hidden', () => {
    expectAdvice(
      `RedirectMatch 404 "/\\.git(/|$)"
`,
      { site: { '.git/HEAD': 'ref' } },
    );
  });
});
