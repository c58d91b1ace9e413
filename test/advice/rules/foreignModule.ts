import { describe, expect, test } from 'vitest';
import { hostProfile } from '../../../src/apache/host';
import { expectAdvice } from '../marked';

describe('host.foreign-module', () => {
  test('once for each module', () => {
    expectAdvice(`PassengerAppRoot "/home/me/app"
^^^^^^^^^^^^^^^^ host.foreign-module
PassengerBaseURI /
AuthType shibboleth
ShibRequestSetting requireSession 1
^^^^^^^^^^^^^^^^^^ host.foreign-module
Require valid-user
`);
  });

  test('a word of Require', () => {
    const [advice] = expectAdvice(`AuthType shibboleth
Require shib-session
^^^^^^^ host.foreign-module
`);
    expect(advice?.message).toMatch(/^Require shib-session belongs to Shibboleth/);
  });

  test('in a section that the host skips', () => {
    expectAdvice(`<IfModule mod_passenger.c>
PassengerAppRoot "/home/me/app"
</IfModule>
`);
  });

  test('where the host is described', () => {
    expectAdvice('PassengerAppRoot "/home/me/app"\n', { host: hostProfile({ directives: ['Passenger*'] }) });
  });
});
