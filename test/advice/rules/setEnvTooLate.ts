import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('env.set-too-late', () => {
  test('a condition', () => {
    expectAdvice(`SetEnv MODE 1
RewriteEngine On
RewriteCond %{ENV:MODE} =1
                  ^^^^ env.set-too-late
RewriteRule ^a$ /b [L]
`);
  });

  test('Require', () => {
    expectAdvice(`SetEnv MODE 1
Require env MODE
            ^^^^ env.set-too-late
`);
  });

  test('set in time, too', () => {
    expectAdvice(`SetEnv MODE 1
SetEnvIf Remote_Addr ^1 MODE=1
Require env MODE
`);
  });
});
