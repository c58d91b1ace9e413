/** A module that is no part of Apache. */
export interface ForeignModule {
  readonly name: string;
  /** As in a host profile. */
  readonly directives: readonly string[];
}

/**
 * Modules that are no part of Apache but stand on many a host, with those of their directives that a `.htaccess` may hold: names, or
 * beginnings with `*`, after a blank the first argument. mod_php is not among them: where PHP runs by FastCGI it is not loaded.
 */
export const FOREIGN_MODULES: readonly ForeignModule[] = Object.entries({
  'Phusion Passenger': ['Passenger*', 'RackEnv', 'RailsEnv'],
  mod_pagespeed: ['ModPagespeed*'],
  mod_xsendfile: ['XSendFile*'],
  mod_geoip: ['GeoIP*'],
  mod_maxminddb: ['MaxMind*'],
  mod_cloudflare: ['CloudFlare*', 'DenyAllButCloudFlare'],
  mod_perl: ['Perl*'],
  mod_python: ['Python*'],
  mod_wsgi: ['WSGIApplicationGroup', 'WSGICallableObject', 'WSGIPassAuthorization', 'WSGIProcessGroup'],
  mod_fastcgi: ['FastCgiAccess*', 'FastCgiAuth*'],
  suPHP: ['suPHP_*'],
  mod_lsapi: ['lsapi_*'],
  LiteSpeed: ['CacheLookup', 'LiteMage*'],
  'mod_security 1': ['SecFilter*'],
  mod_qos: ['QS_*'],
  Shibboleth: ['Shib*', 'Require shib-*', 'Require shibboleth'],
  mod_auth_openidc: ['OIDC*', 'Require claim', 'Require claims_expr', 'Require oauth2-claim'],
  mod_auth_mellon: ['Mellon*'],
  mod_auth_cas: ['CAS*', 'Require cas-attribute'],
  mod_auth_gssapi: ['Gssapi*'],
  mod_auth_kerb: ['Krb*'],
  mod_auth_mysql: ['AuthMySQL*'],
}).map(([name, directives]) => ({ name, directives }));

/** What a host of which nothing is known is taken to know beside the modules of Apache. */
export const USUAL_FOREIGN: readonly string[] = FOREIGN_MODULES.flatMap(({ directives }) => directives);

/** Whether a host profile, which may have come in a message, lists just those. */
export function isUsualForeign(directives: readonly string[]): boolean {
  return (
    directives.length === USUAL_FOREIGN.length && directives.every((one, at) => one === USUAL_FOREIGN[at])
  );
}

/** The module that a directive belongs to, `Require shib-session` among them; undefined for none of these. */
export function foreignModule(directive: string): ForeignModule | undefined {
  return FOREIGN_MODULES.find(({ directives }) => isListed(directive, directives));
}

/** What to write into the project file on a host that has the module. */
export function foreignEntry({ directives }: ForeignModule): string {
  return `"host": { "directives": [${directives.map((one) => `"${one}"`).join(', ')}] } in .vscode/fastcgi.json`;
}

/** Whether one of the names or beginnings with `*` means a text; case does not count. */
export function isListed(text: string, list: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return list.some((entry) => {
    const wanted = entry.toLowerCase();
    return wanted.endsWith('*') ? lower.startsWith(wanted.slice(0, -1)) : lower === wanted;
  });
}
