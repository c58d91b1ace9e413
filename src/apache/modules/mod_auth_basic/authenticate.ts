import { md5Hex } from '../../expr/digest';
import { textFor } from '../../request/evaluateFor';
import type { HookResult } from '../../request/hooks';
import type { RequestRecord } from '../../request/record';
import { authName, authType } from '../mod_authn_core';
import { fileProvider } from '../mod_authn_file';
import type { AuthnProvider, AuthnStatus } from '../providers';
import type { BasicConfig } from './config';

interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** AuthType asks for Basic. */
export const isBasic = (type: string | null): boolean => type?.toLowerCase() === 'basic';

/** Finds out who sent the request, by its Authorization header (authenticate_basic_user). */
export function authenticateBasic(r: RequestRecord, config: BasicConfig | undefined): HookResult {
  const type = authType(r);
  if (!isBasic(type)) return 'declined';
  const realm = authName(r);
  if (realm === null) {
    r.logError(`AH01615: need AuthName: ${r.uri}`);
    return 500;
  }
  r.authType = type;
  const sent = sentCredentials(r);
  if (sent === undefined) {
    askForPassword(r, realm);
    return 401;
  }
  r.user = sent.user;
  const status = askProviders(r, sent, { config, realm });
  r.traceDirective('mod_auth_basic', {
    directive: 'AuthUserFile',
    text: `user ${sent.user}: ${status}`,
    result: status === 'granted' ? 'matched' : 'not matched',
    comparison: { subject: sent.user, pattern: 'a user with this password' },
    reason: status,
  });
  if (status === 'granted') return 'ok';
  if (config?.isAuthoritative === false && status !== 'denied') return 'declined';
  if (status === 'error') return 500;
  r.logError(
    status === 'denied'
      ? `AH01617: user ${sent.user}: authentication failure for "${r.uri}": Password Mismatch`
      : `AH01618: user ${sent.user} not found: ${r.uri}`,
  );
  askForPassword(r, realm);
  return 401;
}

/** Asks again after the rules refused a known user (note_basic_auth_failure). */
export function noteBasicFailure(r: RequestRecord): HookResult {
  if (!isBasic(authType(r))) return 'declined';
  askForPassword(r, authName(r) ?? '(null)');
  return 'ok';
}

function askForPassword(r: RequestRecord, realm: string): void {
  r.errHeadersOut.set('WWW-Authenticate', `Basic realm="${realm}"`);
  r.traceDirective('mod_auth_basic', {
    directive: 'AuthType',
    text: `asks for a name and password of "${realm}"`,
    result: 'refused',
    reason: 'a name and password are needed',
    changes: [{ what: 'status', after: '401' }],
  });
}

/** Name and password of the Authorization header, where it has Basic ones. */
export function sentCredentials(r: RequestRecord): Credentials | undefined {
  const header = r.headersIn.get('Authorization');
  if (header === undefined) return undefined;
  const [, scheme = '', rest = ''] = /^([^ ]*) *([^]*)$/.exec(header) ?? [];
  if (scheme.toLowerCase() !== 'basic') {
    r.logError(`AH01614: client used wrong authentication scheme: ${r.uri}`);
    return undefined;
  }
  const decoded = decodeBase64(rest.replace(/^[ \t]+/, ''));
  const colon = decoded.indexOf(':');
  if (colon < 0) return { user: decoded, password: '' };
  return { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** As ap_pbase64decode: up to the first character that is no digit, and as a C string to the first NUL. */
function decodeBase64(text: string): string {
  const digits = /^[A-Za-z0-9+/]*/.exec(text)?.[0] ?? '';
  const whole = digits.length % 4 === 1 ? digits.slice(0, -1) : digits;
  return atob(whole).split('\0', 1)[0] ?? '';
}

interface Surroundings {
  readonly config: BasicConfig | undefined;
  readonly realm: string;
}

/** One provider after the other, until one knows the user; the file provider where none is named. */
function askProviders(r: RequestRecord, sent: Credentials, { config, realm }: Surroundings): AuthnStatus {
  const named = config?.providers?.map(({ provider }) => provider);
  const providers = named ?? (r.host.modules.includes('mod_authn_file') ? [fileProvider] : []);
  if (providers.length === 0) {
    r.logError('AH01616: No Authn provider configured');
    return 'error';
  }
  for (const provider of providers) {
    const status =
      config?.usesDigestHash === true
        ? compareHash(r, provider, { ...sent, realm })
        : (provider.checkPassword?.(r, sent.user, sent.password) ?? 'error');
    if (status !== 'not found') return status;
  }
  return 'not found';
}

/** AuthBasicUseDigestAlgorithm: the stored hash is that of `user:realm:password`. */
function compareHash(
  r: RequestRecord,
  provider: AuthnProvider,
  { user, password, realm }: Credentials & { readonly realm: string },
): AuthnStatus {
  const stored = provider.realmHash?.(r, user, realm);
  if (stored === undefined) {
    r.logError('AH02493: Authn provider does not support AuthBasicUseDigestAlgorithm');
    return 'error';
  }
  if (typeof stored === 'string') return stored;
  return stored.hash === md5Hex(`${user}:${realm}:${password}`) ? 'granted' : 'denied';
}

/** AuthBasicFake: puts an Authorization header in, for what stands behind the server (authenticate_basic_fake). */
export function fakeCredentials(r: RequestRecord, config: BasicConfig | undefined): HookResult {
  const fake = config?.fake;
  if (fake === null || fake === undefined) return 'declined';
  const user = textFor(r, fake.user);
  const password = 'text' in user && user.text === '' ? { text: '' } : textFor(r, fake.password);
  if ('problem' in user || 'problem' in password) {
    r.logError(`AH02455: AuthBasicFake: could not evaluate user expression for URI '${r.uri}'`);
    return 500;
  }
  r.hasOtherHeaders = true;
  if (user.text === '' || password.text === '') {
    r.headersIn.unset('Authorization');
    return 'declined';
  }
  r.headersIn.set('Authorization', `Basic ${btoa(`${user.text}:${password.text}`)}`);
  return 'ok';
}
