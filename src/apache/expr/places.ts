/**
 * The directives (and forms of them) that take an expression in a `.htaccess`. 'Require list' is what follows `user`, `group`,
 * `host`, `forward-dns`, `ldap-…`, `dbm-group` or `dbd-group`.
 */
export type ExprPlace =
  | 'If'
  | 'Require expr'
  | 'Require list'
  | 'RewriteCond'
  | 'Header value'
  | 'Header condition'
  | 'SetEnvIfExpr'
  | 'ErrorDocument'
  | 'Redirect'
  | 'AuthName'
  | 'AuthType'
  | 'AuthBasicFake user'
  | 'AuthBasicFake password'
  | 'SetHandler'
  | 'SSLRequire'
  | 'FilterProvider'
  | 'ProxyFCGISetEnvIf condition'
  | 'ProxyFCGISetEnvIf value'
  | 'AuthnzFcgiCheckAuthnProvider'
  | 'AuthFormLoginRequiredLocation'
  | 'AuthFormLoginSuccessLocation'
  | 'AuthFormLogoutLocation';

interface PlaceFacts {
  readonly mode: 'condition' | 'string';
  /** The first `2.4.N` that refuses file() and filesize() there when the directive stands in a `.htaccess`. */
  readonly restrictedSince: number;
  readonly wrap: (inner: string, text: string, patch: number) => string;
}

/** 2.4.68 closed CVE-2026-44119 for all modules but mod_rewrite (2.4.67) and mod_ssl (2.4.69), which were closed apart. */
const SINCE = 68;

function place(mode: PlaceFacts['mode'], wrap: PlaceFacts['wrap'], restrictedSince = SINCE): PlaceFacts {
  return { mode, restrictedSince, wrap };
}

const PLACES: Readonly<Record<ExprPlace, PlaceFacts>> = {
  If: place('condition', (inner) => `Cannot parse condition clause: ${inner}`),
  'Require expr': place('condition', requireLine),
  'Require list': place('string', requireLine),
  RewriteCond: place('condition', rewriteCond, 67),
  'Header value': place('string', (inner) => `Can't parse value expression : ${inner}`),
  'Header condition': place('condition', (inner) => `Can't parse envclause/expression: ${inner}`),
  SetEnvIfExpr: place('condition', quoted),
  ErrorDocument: place('string', (inner) => `Cannot parse expression in ErrorDocument: ${inner}`),
  Redirect: place('string', (inner, text) => `Cannot parse redirect expression '${text}': ${inner}`),
  AuthName: place('string', (inner, text) => `Cannot parse expression '${text}' in AuthName: ${inner}`),
  AuthType: place('string', (inner, text) => `Cannot parse expression '${text}' in AuthType: ${inner}`),
  'AuthBasicFake user': place(
    'string',
    (inner, text) => `Could not parse fake username expression '${text}': ${inner}`,
  ),
  'AuthBasicFake password': place(
    'string',
    (inner, user) => `Could not parse fake password expression associated to user '${user}': ${inner}`,
  ),
  SetHandler: place('string', (inner) => `Can't parse expression : ${inner}`),
  SSLRequire: place('condition', (inner) => `SSLRequire: ${inner}`, 69),
  'ProxyFCGISetEnvIf condition': place('condition', quoted),
  'ProxyFCGISetEnvIf value': place('string', quoted),
  AuthnzFcgiCheckAuthnProvider: place(
    'string',
    (inner, text) => `AuthnzFcgiCheckAuthnProvider: Error parsing '${text}': '${inner}'`,
  ),
  FilterProvider: place('condition', (inner) => `Error parsing FilterProvider expression:${inner}`),
  AuthFormLoginRequiredLocation: place('string', authForm('login required')),
  AuthFormLoginSuccessLocation: place('string', authForm('login success')),
  AuthFormLogoutLocation: place('string', authForm('logout required')),
};

function rewriteCond(inner: string, text: string, patch: number): string {
  return patch >= 67
    ? `RewriteCond: cannot compile expression in htaccess context "${text}" ${inner}`
    : `RewriteCond: cannot compile expression "${text}": ${inner}`;
}

function requireLine(inner: string): string {
  return `Cannot parse expression in require line: ${inner}`;
}

function quoted(inner: string, text: string): string {
  return `Could not parse expression "${text}": ${inner}`;
}

function authForm(what: string): PlaceFacts['wrap'] {
  return (inner, text) => `Could not parse ${what} expression '${text}': ${inner}`;
}

/** The `ExprOptions` that a place asks for on a host. */
export function placeOptions(
  where: ExprPlace,
  patch: number,
): { readonly mode: 'condition' | 'string'; readonly restricted: boolean; readonly patch: number } {
  const { mode, restrictedSince } = PLACES[where];
  return { mode, restricted: patch >= restrictedSince, patch };
}

/**
 * The whole message that Apache gives for a refused expression.
 * @param inner the `message` of parseExpr's problem
 * @param text the expression; for 'AuthBasicFake password' the user expression
 * @param patch the N of 2.4.N
 */
export function exprRefusal(
  where: ExprPlace,
  inner: string,
  { text, patch }: { text: string; patch: number },
): string {
  return PLACES[where].wrap(inner, text, patch);
}
