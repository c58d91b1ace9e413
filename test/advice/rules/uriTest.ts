import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('rewrite.uri-test', () => {
  test('negated', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{REQUEST_URI} !-U
                           ^^^ rewrite.uri-test
RewriteRule ^ /i.php [END]
`);
  });

  test('-F is honest', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{REQUEST_FILENAME} !-F
RewriteRule ^ /i.php [END]
`);
  });
});
