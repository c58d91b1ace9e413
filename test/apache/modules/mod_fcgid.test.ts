import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/apache/config/judge';
import { hostProfile } from '../../../src/apache/host';
import { memorySite } from '../../../src/apache/memorySite';
import { splitCommandLine } from '../../../src/apache/modules/mod_fcgid/commandLine';
import { evaluate } from '../../../src/apache/request';

const host = hostProfile();

/** Text and refusal, recorded from Apache 2.4.71 with mod_fcgid 2.3.9. */
const RECORDED: readonly (readonly [text: string, message: string])[] = [
  ['FcgidWrapper "" .php', 'FcgidWrapper takes one, two or three arguments, The CGI wrapper file an optional URL suffix and an optional flag'],
  ['FcgidWrapper " "', 'Invalid wrapper config'],
  ['FcgidWrapper /bin/sh php', 'Invalid wrapper file extension'],
  ['FcgidWrapper /bin/sh .', 'Invalid wrapper file extension'],
  ['FcgidWrapper /bin/sh .a/b', 'Invalid wrapper file extension'],
  ['FcgidWrapper /bin/sh .php other', 'Invalid wrapper flag'],
  ['FCGIWrapper /bin/sh virtual virtual', 'Invalid wrapper file extension'],
  [`FcgidWrapper "/bin/sh ${'x'.repeat(510)}"`, 'Command line length exceeds compiled-in limit'],
  ['FcgidAuthenticator "\\\\"', 'Invalid authenticator config'],
  ['FcgidAccessChecker " "', 'Invalid access config'],
  ['FcgidIdleTimeout 5', 'FcgidIdleTimeout not allowed here'],
]; // prettier-ignore

describe('mod_fcgid', () => {
  it.each(RECORDED)('%j is refused as by Apache', (text, message) => {
    expect(judge(text, host).message).toBe(message);
  });

  it.each([
    ['a b', ['a', 'b']],
    [' "a b"\tc ', ['a b', 'c']],
    ["'a \"b' c", ['a "b', 'c']],
    ['a\\ b \\"c\\"', ['a b', '"c"']],
    ['"a', ['a']],
    ['a\\', ['a']],
    ['', []],
  ])('splits the command line %j as APR does', (text, words) => {
    expect(splitCommandLine(text)).toEqual(words);
  });

  it('answers by a virtual wrapper where no file is', () => {
    const status = (wrapper: string): number => {
      const files = {
        '.htaccess': `AddHandler fcgid-script .php\n${wrapper}\n`,
        'run.fcgi': { text: '', mode: 0o755 },
      };
      const site = memorySite(files, host);
      const request = {
        method: 'GET',
        target: '/none.php',
        headers: [['Host', 'www.example.test']] as const,
      };
      return evaluate({ request, site, host, documentRoot: host.treeRoot }).status;
    };
    expect(status('FcgidWrapper /site/run.fcgi .php')).toBe(404);
    expect(status('FcgidWrapper /site/run.fcgi .php virtual')).toBe(200);
    expect(status('FcgidWrapper /site/run.fcgi virtual')).toBe(200);
    expect(status('FcgidWrapper /site/run.fcgi .fcgi virtual')).toBe(404);
  });
});
