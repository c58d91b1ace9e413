import { expect, test } from 'vitest';
import { breakpointLine, HtaccessDocument } from '../../../src/language';

const TEXT = `# Rules

<IfModule mod_rewrite.c>
  RewriteEngine On
  RewriteCond %{HTTPS} \\
    !=on
  # why
  RewriteRule ^a$ b
</IfModule>
<Files x>
</Files>
ServerSignature Off
`;

test('a breakpoint stands on the next line on which something happens', () => {
  const document = new HtaccessDocument(TEXT);
  const lines = TEXT.split('\n').map((_, at) => breakpointLine(document, at + 1));
  expect(lines).toEqual([6, 6, 6, 6, 6, 6, 8, 8, 10, 10, undefined, undefined, undefined]);
});
