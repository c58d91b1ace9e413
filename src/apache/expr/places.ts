/** The directives (and forms of them) that take an expression in a `.htaccess`. */
export type ExprPlace =
  | 'If'
  | 'Require'
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
  Require: place('condition', (inner) => `Cannot parse expression in require line: ${inner}`),
  RewriteCond: place('condition', rewriteCond, 67),
  'Header value': place('string', (inner) => `Can't parse value expression : ${inner}`),
  'Header condition': place('condition', (inner) => `Can't parse envclause/expression: ${inner}`),
  SetEnvIfExpr: place('condition', (inner, text) => `Could not parse expression "${text}": ${inner}`),
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

function authForm(what: string): PlaceFacts['wrap'] {
  return (inner, text) => `Could not parse ${what} expression '${text}': ${inner}`;
}

/** What `ExprOptions` a place asks for. `Require` stands for `Require expr`; the other providers' lists are strings. */
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
