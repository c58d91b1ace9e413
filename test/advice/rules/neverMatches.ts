import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/apache/config/judge';
import { hostProfile } from '../../../src/apache/host';
import { adviceOn, expectAdvice } from '../marked';

describe('regex.never-matches', () => {
  test('something before the beginning, behind the end', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{HTTP_HOST} www^example
                         ^^^^^^^^^^^ regex.never-matches
RewriteRule ^old$/page$ /new [R=301,L]
            ^^^^^^^^^^^ regex.never-matches
RewriteRule ^(a$|b$)c /new2 [L]
            ^^^^^^^^^ regex.never-matches
RewriteRule !(shop)+^sale - [F]
             ^^^^^^^^^^^^ regex.never-matches
RedirectMatch 301 ^/a$b /c
                  ^^^^^ regex.never-matches
SetEnvIf Referer .^x seen
                 ^^^ regex.never-matches
`);
  });

  test('what can match', () => {
    expectAdvice(`RewriteEngine On
RewriteCond %{HTTP_HOST} ^www|^$|(^a)?b*^c|a?^b
RewriteRule ^(a$|b)c /new [L]
RewriteRule ^$ /new2 [L]
RewriteRule $^ /new3 [L]
RewriteRule [$^]a\\$b\\^c /new4 [L]
RewriteRule (?m)a$^b /new5 [L]
RewriteRule ^a(?!^b) /new6 [L]
`);
  });

  test('in a file that was judged before, too', () => {
    const text = 'RewriteEngine On\nRewriteCond %{REQUEST_URI} a^b\nRewriteRule c$d /e\n';
    judge(text, hostProfile());
    expect(adviceOn(text).map(({ code, line }) => [code, line])).toEqual([
      ['regex.never-matches', 2],
      ['regex.never-matches', 3],
    ]);
  });
});
