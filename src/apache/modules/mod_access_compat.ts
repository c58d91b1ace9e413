import type { Subnet } from '../expr';
import type { HookResult } from '../request/hooks';
import type { RequestRecord } from '../request/record';
import {
  defineModule,
  type ApacheModule,
  type Command,
  type Directive,
  type Origin,
  type Refusal,
} from './define';
import { METHOD_COUNT } from './core/limit';
import { requestMethodBit } from './methods';
import { isInDomain, isVisitorIn, readSubnet, remoteHostName, SUBNET_MESSAGES } from './remoteHost';

/** Which of the two lists has the last word. */
type Order = 'deny,allow' | 'allow,deny' | 'mutual-failure';

/** Whether address rules and user rules must both let in, or one of them; undefined where nothing says so. */
export type Satisfy = 'all' | 'any';

/** What follows `from`. */
type Visitors =
  | { readonly kind: 'all' }
  | { readonly kind: 'env'; readonly name: string; readonly isNegated: boolean }
  | { readonly kind: 'network'; readonly subnet: Subnet }
  | { readonly kind: 'host'; readonly domain: string };

/** An Allow or Deny, for the methods of its <Limit>. */
interface Rule {
  readonly limited: number;
  readonly visitors: Visitors;
  readonly origin: Origin;
  /** As the trace names it: `Deny from all`. */
  readonly written: string;
}

/** mod_access_compat's per-directory configuration; Order and Satisfy by method number. A deeper folder's replaces it whole. */
export interface AccessConfig {
  order: Order[];
  satisfy: (Satisfy | undefined)[];
  allows: Rule[];
  denies: Rule[];
}

/** Sets a value for each method that the directive is for. */
function setForMethods<Value>(cmd: Command, values: Value[], value: Value): void {
  for (let number = 0; number < METHOD_COUNT; number++)
    if ((cmd.limited & (1 << number)) !== 0) values[number] = value;
}

const ORDERS: readonly Order[] = ['allow,deny', 'deny,allow', 'mutual-failure'];

function order(cmd: Command, config: AccessConfig, value: string): Refusal {
  const found = ORDERS.find((known) => known === value.toLowerCase());
  if (found === undefined) return 'unknown order';
  setForMethods(cmd, config.order, found);
  return undefined;
}

function satisfy(cmd: Command, config: AccessConfig, value: string): Refusal {
  const word = value.toLowerCase();
  if (word !== 'all' && word !== 'any') return "Satisfy either 'any' or 'all'.";
  setForMethods(cmd, config.satisfy, word);
  return undefined;
}

function readVisitors(where: string): Visitors | { readonly refusal: string } {
  const lower = where.toLowerCase();
  if (lower.startsWith('env=!')) return { kind: 'env', name: where.slice(5), isNegated: true };
  if (lower.startsWith('env=')) return { kind: 'env', name: where.slice(4), isNegated: false };
  if (lower === 'all') return { kind: 'all' };
  const subnet = readSubnet(where);
  if (subnet === 'no address') {
    if (where.includes('/')) return { refusal: 'An IP address was expected' };
    if (where.includes('#')) return { refusal: 'No comments are allowed here' };
    return { kind: 'host', domain: where };
  }
  return typeof subnet === 'string' ? { refusal: SUBNET_MESSAGES[subnet] } : { kind: 'network', subnet };
}

function list(field: 'allows' | 'denies', summary: string, instead: string): Directive<AccessConfig> {
  return {
    args: 'ITERATE2',
    where: ['Limit'],
    help: "'from' followed by hostnames or IP-address wildcards",
    summary,
    values: ['from'],
    deprecated: instead,
    apply(cmd, config, from, where) {
      if (from.toLowerCase() !== 'from') return "allow and deny must be followed by 'from'";
      const visitors = readVisitors(where);
      if ('refusal' in visitors) return visitors.refusal;
      const word = field === 'allows' ? 'Allow' : 'Deny';
      const written = `${word} from ${where}`;
      config[field].push({ limited: cmd.limited, visitors, origin: cmd.origin, written });
      return undefined;
    },
  };
}

const OLD_STYLE = 'This is how Apache 2.2 did it';

export const mod_access_compat: ApacheModule<AccessConfig> = defineModule<AccessConfig>({
  name: 'mod_access_compat',
  createDirConfig: () => ({
    order: Array.from({ length: METHOD_COUNT }, () => 'deny,allow' as const),
    satisfy: Array.from({ length: METHOD_COUNT }, () => undefined),
    allows: [],
    denies: [],
  }),
  directives: {
    order: {
      args: 'TAKE1',
      where: ['Limit'],
      help: "'allow,deny', 'deny,allow', or 'mutual-failure'",
      summary: 'Says whether Allow or Deny has the last word, and what happens to those whom neither names.',
      values: ['allow,deny', 'deny,allow', 'mutual-failure'],
      deprecated: `${OLD_STYLE}; Require needs no order.`,
      apply: order,
    },
    allow: list(
      'allows',
      'Lets these visitors in.',
      `${OLD_STYLE}; use Require all granted, Require ip or Require host.`,
    ),
    deny: list(
      'denies',
      'Keeps these visitors out.',
      `${OLD_STYLE}; use Require all denied or Require not ip.`,
    ),
    Satisfy: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: "access policy if both allow and require used ('all' or 'any')",
      summary: 'Says whether a visitor must pass both the address rules and the password, or one of them.',
      values: ['All', 'Any'],
      deprecated: `${OLD_STYLE}; use <RequireAll> or <RequireAny>.`,
      apply: satisfy,
    },
  },
  hooks: { accessChecker: checkAccess },
});

/** What Satisfy says for a request (ap_satisfies). */
export function satisfyFor(r: RequestRecord): Satisfy | undefined {
  return r.perDirConfig.get(mod_access_compat)?.satisfy[methodNumber(r)];
}

function methodNumber(r: RequestRecord): number {
  return 31 - Math.clz32(requestMethodBit(r));
}

function checkAccess(r: RequestRecord): HookResult {
  const config = r.perDirConfig.get(mod_access_compat);
  if (config === undefined) return 'ok';
  const isWelcome = mayEnter(r, config);
  traceOrder(r, config, isWelcome);
  if (isWelcome) return 'ok';
  r.logError(`AH01797: client denied by server configuration: ${r.filename ?? `uri ${r.uri}`}`);
  return 403;
}

function mayEnter(r: RequestRecord, config: AccessConfig): boolean {
  const isAllowed = isNamed(r, config.allows);
  const isDenied = isNamed(r, config.denies);
  return config.order[methodNumber(r)] === 'deny,allow' ? isAllowed || !isDenied : isAllowed && !isDenied;
}

function isNamed(r: RequestRecord, rules: readonly Rule[]): boolean {
  const bit = requestMethodBit(r);
  return rules.some((rule) => {
    const isFor = (rule.limited & bit) !== 0;
    const isFound = isFor && isAmong(r, rule.visitors);
    traceRule(r, rule, { isFor, isFound });
    return isFound;
  });
}

function traceRule(
  r: RequestRecord,
  { origin, written }: Rule,
  { isFor, isFound }: { readonly isFor: boolean; readonly isFound: boolean },
): void {
  if (!r.isTracing) return;
  const reason = isFor ? undefined : `it is not for the method ${r.method}`;
  const result = isFound ? 'matched' : isFor ? 'not matched' : 'skipped';
  const [directive = '', ...args] = written.split(' ');
  r.addTrace({
    module: 'mod_access_compat',
    text: `${written} ${result}`,
    ...origin,
    event: { directive, args: args.join(' '), result, ...(reason === undefined ? {} : { reason }) },
  });
}

function traceOrder(r: RequestRecord, config: AccessConfig, isWelcome: boolean): void {
  const word = config.order[methodNumber(r)] ?? '';
  r.traceDirective('mod_access_compat', {
    directive: 'order',
    text: `Order ${word}: ${isWelcome ? 'let in' : 'kept out'}`,
    result: isWelcome ? 'matched' : 'not matched',
    reason: isWelcome ? 'let in' : 'kept out',
  });
}

function isAmong(r: RequestRecord, visitors: Visitors): boolean {
  switch (visitors.kind) {
    case 'all':
      return true;
    case 'env':
      return (r.env.get(visitors.name) === undefined) === visitors.isNegated;
    case 'network':
      return isVisitorIn(r, visitors.subnet);
    case 'host': {
      const host = remoteHostName(r);
      return host !== null && isInDomain(visitors.domain, host);
    }
  }
}
