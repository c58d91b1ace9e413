import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/apache/config/judge';
import { hostProfile } from '../../../src/apache/host';
import { memorySite } from '../../../src/apache/memorySite';
import { evaluate } from '../../../src/apache/request';

const USUAL = hostProfile();
const SAYS = hostProfile({ modules: USUAL.modules, directives: ['php_*', 'Require shib-*'] });

const messageOf = (text: string, host = USUAL): string | null => judge(text, host).message;

describe('directives of modules that are no part of Apache', () => {
  it('are taken where nothing is said of the host', () => {
    expect(messageOf('PassengerAppRoot "/home/me/app"\npassengerenabled\n')).toBeNull();
    expect(messageOf('AuthType shibboleth\nRequire shib-attr role staff\n')).toBeNull();
    expect(messageOf('<IfDirective PassengerEnabled>\nNothing\n</IfDirective>\n')).toMatch(
      /^Invalid command 'Nothing'/,
    );
  });

  it('are those that the host names, and no others where it names its modules', () => {
    const strict = hostProfile({ modules: USUAL.modules });
    expect(messageOf('PassengerEnabled on\n', strict)).toMatch(/^Invalid command 'PassengerEnabled'/);
    expect(messageOf('Require shib-session\n', strict)).toBe('Unknown Authz provider: shib-session');
    expect(messageOf('PHP_Value a\n', SAYS)).toBeNull();
    expect(messageOf('Require not shib-attr a\nRequire all granted\n', SAYS)).toMatch(/negative Require/);
    expect(messageOf('Require shibboleth\n', SAYS)).toBe('Unknown Authz provider: shibboleth');
    expect(messageOf('PassengerEnabled on\n', SAYS)).toMatch(/^Invalid command 'PassengerEnabled'/);
  });

  it('are no sections, and mod_php is not thought to be there', () => {
    expect(messageOf('<Perl>\n</Perl>\n')).toMatch(/^Invalid command '<Perl'/);
    expect(messageOf('php_value memory_limit 10M\n')).toMatch(/^Invalid command 'php_value'/);
  });

  it('need some override class, as everything', () => {
    const nothing = hostProfile({ allowOverride: ['None'], allowOverrideList: ['RewriteEngine'] });
    expect(messageOf('PassengerEnabled on\n', nothing)).toBe('PassengerEnabled not allowed here');
  });

  it('leave it open what becomes of a request', () => {
    const files = { '.htaccess': 'PassengerEnabled on\nShibUseHeaders On\n', 'a.txt': 'a' };
    const site = memorySite(files, USUAL);
    const request = {
      method: 'GET',
      target: '/a.txt',
      protocol: 'HTTP/1.1',
      headers: [['Host', 'a']] as const,
    };
    const { status, unknown } = evaluate({ request, site, host: USUAL, documentRoot: '/site' });
    expect(status).toBe(200);
    expect(unknown?.map(({ directive, origin }) => [directive, origin.line])).toEqual([
      ['PassengerEnabled', 1],
      ['ShibUseHeaders', 2],
    ]);
  });
});
