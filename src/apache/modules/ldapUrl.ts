/** The words for how far below the base a search goes. */
const SCOPES = ['base', 'one', 'onetree', 'sub', 'subtree'];

/** APR's complaint about a URL of a directory, `ldap://host:port/base?attributes?scope?filter` (apr_ldap_url_parse). */
export function ldapUrlRefusal(url: string): string | undefined {
  const [, bracket = '', rest] = /^(<?)(?:URL:)?ldap[si]?:\/\/([^]*)$/i.exec(url) ?? [];
  if (rest === undefined) return 'The scheme was not recognised as a valid LDAP URL scheme.';
  if (bracket !== '' && !rest.endsWith('>')) return 'Bad enclosure error while parsing LDAP URL.';
  const address = bracket === '' ? rest : rest.slice(0, -1);
  const slash = address.indexOf('/');
  const hostRefusal = hostPortRefusal(slash < 0 ? address : address.slice(0, slash));
  return hostRefusal ?? (slash < 0 ? undefined : queryRefusal(address.slice(slash + 1)));
}

function hostPortRefusal(host: string): string | undefined {
  const close = host.indexOf(']');
  if (host.startsWith('[') && close < 0) return 'Bad LDAP URL while parsing IPV6 syntax.';
  const behind = host.startsWith('[') ? host.slice(close + 1) : host;
  const colon = behind.lastIndexOf(':');
  return colon >= 0 && unescaped(behind.slice(colon + 1)) === '' ? 'Bad LDAP URL while parsing.' : undefined;
}

function queryRefusal(query: string): string | undefined {
  const [, , scope = '', filter = '', extensions, ...more] = query.split('?');
  if (scope !== '' && !SCOPES.includes(unescaped(scope).toLowerCase()))
    return 'Bad scope encountered while parsing LDAP URL.';
  if (filter !== '' && unescaped(filter) === '') return 'Bad filter encountered while parsing LDAP URL.';
  if (more.length > 0) return 'Bad URL encountered while parsing LDAP URL.';
  return extensions !== undefined && extensions.replaceAll(',', '') === ''
    ? 'Bad extensions encountered while parsing LDAP URL.'
    : undefined;
}

/** What APR makes of percent signs, up to the first NUL; one that lacks its digits goes with what follows. */
function unescaped(text: string): string {
  const decoded = text.replaceAll(/%[^]?$|%([^]{2})/g, (_, hex: string | undefined) =>
    hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16) || (/^0*$/.test(hex) ? 0 : 1)),
  );
  return decoded.split('\0', 1)[0] ?? '';
}
