/** What Apache puts in the place of a section of Lua, which has no other name afterwards. */
export const LUA_SECTION = 'Lua_____ByteCodeHack';

/** Directives whose effect only the server knows, with what would have to be asked there. */
const UNKNOWN: readonly (readonly [name: RegExp, args: RegExp, what: string])[] = [
  [/^AuthnzFcgiCheckAuthnProvider$/, /^(?!"?none\b)/i, 'what the program answers'],
  [/^(?:LuaHook(?!Log)\w+|Lua_____ByteCodeHack)$/, /^/, 'what the Lua function does'],
  [/^LuaMapHandler$/, /./, 'what the Lua function answers'],
  [/^Auth(?:Basic|Digest|Form)Provider$/, /\b(?:dbd|dbm|ldap|socache)\b/i, 'whom the database knows'],
  [/^Require$/, /^(?:not\s+)?(?:ldap|dbd|dbm)-/i, 'whom the database knows'],
  [/^CookieTracking$/, /^"?on\b/i, 'the number in the cookie'],
  [/^MetaFiles$/, /^"?on\b/i, "what a file's own list of headers adds"],
  [/^Session$/, /^"?on\b/i, 'what the session holds'],
  [/^MDRequireHttps$/, /^(?!"?off\b)/i, 'whether mod_md has a certificate for the domain'],
  [/^<IfFile$/, /^/, 'whether the server has this file outside the tree'],
  [/^SSLVerifyClient$/, /^(?!"?none\b)/i, "the visitor's certificate"],
];

/** The common names are told apart at a glance. */
const CANDIDATE = /^(?:<IfFile$|Auth|CookieT|Lua|MDR|MetaF|Require$|SSLVerify|Session$)/;

/** What is not known of a directive's effect, as a phrase; undefined where nothing is missing. */
export function unknownEffect(name: string, args: string): string | undefined {
  if (!CANDIDATE.test(name)) return undefined;
  return UNKNOWN.find(([names, fits]) => names.test(name) && fits.test(args))?.[2];
}
