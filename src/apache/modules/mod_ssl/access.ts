import { conditionFor } from '../../request/evaluateFor';
import type { HookResult } from '../../request/hooks';
import type { RequestRecord } from '../../request/record';
import type { SslConfig } from './config';

const FORBIDDEN = 'ssl-access-forbidden';

/** SSLRequireSSL and SSLRequire (ssl_hook_Access). The visitor's certificate is not known here. */
export function checkSslAccess(r: RequestRecord, config: SslConfig | undefined): HookResult {
  if (config === undefined) return 'declined';
  if (!r.host.https) return config.requiresSsl ? forbid(r, 'SSL connection required') : 'declined';
  for (const requirement of config.requirements) {
    const result = conditionFor(r, requirement, { sslCompatible: true });
    if ('problem' in result)
      return forbid(r, `Failed to execute SSL requirement expression: ${result.problem}`);
    if (!result.holds) return forbid(r, 'SSL requirement expression not fulfilled');
  }
  return 'declined';
}

function forbid(r: RequestRecord, reason: string): HookResult {
  r.logError(`access to ${r.filename ?? ''} failed, reason: ${reason}`);
  r.notes.set(FORBIDDEN, '1');
  return 403;
}

/** With StrictRequire no password opens what TLS forbids, whatever Satisfy says (ssl_hook_UserCheck, ssl_hook_Auth). */
export function checkStrictly(r: RequestRecord, config: SslConfig | undefined): HookResult {
  const isStrict = config?.options.has('StrictRequire') === true;
  return isStrict && r.notes.get(FORBIDDEN) !== undefined ? 403 : 'declined';
}

/** Nobody may pose as a certificate: a name with a slash and the password that FakeBasicAuth gives. */
export function checkSpoof(r: RequestRecord): HookResult {
  if (r.main !== null || r.prev !== null) return 'declined';
  const encoded = /^Basic +[ \t]*([A-Za-z0-9+/]*)/i.exec(r.headersIn.get('Authorization') ?? '')?.[1];
  if (encoded === undefined) return 'declined';
  const decoded = atob(encoded.length % 4 === 1 ? encoded.slice(0, -1) : encoded);
  if (!/^\/[^:]*:password(?:\0|$)/.test(decoded)) return 'declined';
  r.logError(`AH02035: Encountered FakeBasicAuth spoof: ${decoded.split(':', 1)[0] ?? ''}`);
  return 403;
}
