import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('options.exec-cgi-missing', () => {
  test('a new list', () => {
    expectAdvice(`Options FollowSymLinks
^^^^^^^^^^^^^^^^^^^^^^ options.exec-cgi-missing
AddHandler fcgid-script .fcgi
`);
  });

  test('on', () => {
    expectAdvice(`Options -Indexes
AddHandler fcgid-script .fcgi
`);
  });

  test('off on purpose', () => {
    expectAdvice(`AddHandler cgi-script .php .pl .py .cgi
Options -ExecCGI -Indexes
`);
  });

  test('no programs', () => {
    expectAdvice(`Options -ExecCGI
AddHandler server-parsed .shtml
`);
  });
});
