import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('exposure.dispatcher-source', () => {
  test('no handler', () => {
    expectAdvice(
      `DirectoryIndex a
^^^^^^^^^^^^^^^^ exposure.dispatcher-source
`,
      { host: { addHandler: {} }, site: { 'dispatch.fcgi': { text: '#!x', mode: 0o755 } } },
    );
  });

  test('with a handler', () => {
    expectAdvice(
      `AddHandler fcgid-script .fcgi
`,
      { host: { addHandler: {} }, site: { 'dispatch.fcgi': { text: '#!x', mode: 0o755 } } },
    );
  });
});
