import type { AuthzProvider, AuthzStatus } from '../providers';
import type { RequestRecord } from '../../request/record';

function withoutArguments(name: string, check: (r: RequestRecord) => AuthzStatus): AuthzProvider {
  return {
    parse: (_cmd, args) =>
      args === '' ? { check } : { refusal: `'Require ${name}' does not take arguments` },
  };
}

/** `Require ssl`, and `Require ssl-verify-client`, which nobody meets here since no visitor's certificate is known. */
export const sslProviders: Readonly<Record<string, AuthzProvider>> = {
  ssl: withoutArguments('ssl', (r) => (r.host.https ? 'granted' : 'denied')),
  'ssl-verify-client': withoutArguments('ssl-verify-client', () => 'denied'),
};
