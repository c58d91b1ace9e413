import { FOREIGN_MODULES } from '../apache/foreign';

/** Directives of which a module that is no part of Apache registers at least one in each of its versions. */
const WITNESSES: Readonly<Record<string, readonly string[]>> = {
  'Phusion Passenger': ['PassengerEnabled'],
  mod_pagespeed: ['ModPagespeed'],
  mod_xsendfile: ['XSendFile'],
  mod_geoip: ['GeoIPEnable'],
  mod_maxminddb: ['MaxMindDBEnable'],
  mod_cloudflare: ['CloudFlareRemoteIPHeader', 'DenyAllButCloudFlare'],
  mod_perl: ['PerlSetVar'],
  mod_python: ['PythonHandler'],
  mod_wsgi: ['WSGIPassAuthorization'],
  // mod_fcgid takes what a .htaccess may hold of it, too.
  mod_fastcgi: ['FastCgiExternalServer'],
  suPHP: ['suPHP_ConfigPath'],
  mod_lsapi: ['lsapi_engine'],
  LiteSpeed: ['CacheLookup'],
  'mod_security 1': ['SecFilterEngine'],
  mod_qos: ['QS_SrvMaxConn'],
  Shibboleth: ['ShibRequestSetting', 'ShibRequireSession'],
  mod_auth_openidc: ['OIDCUnAuthAction', 'OIDCScope'],
  mod_auth_mellon: ['MellonEnable'],
  mod_auth_cas: ['CASScope'],
  mod_auth_gssapi: ['GssapiAllowedMech', 'GssapiBasicAuth'],
  mod_auth_kerb: ['KrbMethodNegotiate'],
  mod_auth_mysql: ['AuthMySQL_Enable', 'AuthMySQLEnable', 'AuthMySQL'],
};

/** What a host profile names of a module, and the directives by which the module is seen. */
export interface ForeignWitness {
  readonly directives: readonly string[];
  readonly witnesses: readonly string[];
}

/** All of them, mod_php too: its two are those that a `.htaccess` may hold. */
export const FOREIGN_WITNESSES: readonly ForeignWitness[] = [
  ...FOREIGN_MODULES.map(({ name, directives }) => ({ directives, witnesses: WITNESSES[name] ?? [] })),
  { directives: ['php_flag', 'php_value'], witnesses: ['php_value'] },
];

/** `inside` for each of them that the server knows; Apache 2.4.34 or newer. */
export const whereKnown = ({ witnesses }: ForeignWitness, inside: string): string =>
  witnesses.map((one) => `<IfDirective ${one}>\n${inside}\n</IfDirective>`).join('\n');
