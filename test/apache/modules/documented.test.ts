import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unknownEffect } from '../../../src/apache/config/unknownEffects';
import { ALL_MODULES } from '../../../src/apache/modules/all';

/** Places outside a .htaccess. */
const OF_THE_SERVER = new Set(['RSRC_CONF', 'ACCESS_CONF', 'PROXY_CONF']);

const page = readFileSync(join(import.meta.dirname, '../../../docs/explain.md'), 'utf8');
const section = page.split('\n## ').find((text) => text.startsWith('How exact')) ?? '';
const rows = section.split('\n').filter((line) => line.startsWith('|') && line.includes('mod_'));
const modulesIn = (row: string): readonly string[] =>
  row.match(/\b(?:mod_\w+|http_core|util_ldap|core)\b/g) ?? [];

test('the table of effects names every module that does something in a .htaccess, once', () => {
  const active = ALL_MODULES.filter(
    ({ directives, hooks, authzProviders, authnProviders }) =>
      (hooks ?? authzProviders ?? authnProviders) !== undefined ||
      Object.values(directives).some(({ where }) => where.some((place) => !OF_THE_SERVER.has(place))),
  );
  expect(rows.flatMap(modulesIn).toSorted()).toEqual(active.map(({ name }) => name).toSorted());
});

test('what is said to be not certain is said by a directive or a word of its own', () => {
  const uncertain = modulesIn(rows.find((row) => row.includes('not certain')) ?? '');
  const words: Readonly<Record<string, readonly [name: string, args: string]>> = {
    mod_authn_dbd: ['AuthBasicProvider', 'dbd'],
    mod_authn_dbm: ['AuthBasicProvider', 'dbm'],
    mod_authn_socache: ['AuthBasicProvider', 'socache'],
    mod_authnz_fcgi: ['AuthnzFcgiCheckAuthnProvider', 'x'],
    mod_authnz_ldap: ['Require', 'ldap-user x'],
    mod_authz_dbd: ['Require', 'dbd-group x'],
    mod_authz_dbm: ['Require', 'dbm-group x'],
    mod_cern_meta: ['MetaFiles', 'On'],
    mod_lua: ['LuaHookFixups', 'x.lua f'],
    mod_md: ['MDRequireHttps', 'permanent'],
    mod_session: ['Session', 'On'],
    mod_usertrack: ['CookieTracking', 'On'],
  };
  expect(Object.keys(words)).toEqual(uncertain);
  for (const [name, args] of Object.values(words)) expect(unknownEffect(name, args)).toBeDefined();
});
