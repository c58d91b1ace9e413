/** An Order, Allow or Deny: name in lower case, and its words. */
export interface OldDirective {
  readonly name: string;
  readonly words: readonly string[];
}

/**
 * What Order, Allow and Deny of one place say, as lines with Require. Undefined where the two lists have to be weighed
 * against each other, or where something in them has no counterpart. (mod_access_compat: the last Order counts; without
 * one it is `deny,allow`.)
 */
export function requireLines(directives: readonly OldDirective[]): readonly string[] | undefined {
  const order = directives.findLast(({ name }) => name === 'order')?.words[0]?.toLowerCase() ?? 'deny,allow';
  const allowed = sourcesOf(directives, 'allow');
  const denied = sourcesOf(directives, 'deny');
  if (order === 'deny,allow') return denyThenAllow(allowed, denied);
  return order === 'allow,deny' ? allowThenDeny(allowed, denied) : undefined;
}

const GRANTED = ['Require all granted'];
const DENIED = ['Require all denied'];

function sourcesOf(directives: readonly OldDirective[], name: string): readonly string[] {
  return directives.flatMap((one) => (one.name === name ? one.words.slice(1) : []));
}

const isAll = (source: string): boolean => source.toLowerCase() === 'all';

/** Everybody may, but who is denied and not allowed. */
function denyThenAllow(allowed: readonly string[], denied: readonly string[]): readonly string[] | undefined {
  if (denied.length === 0 || allowed.some(isAll)) return GRANTED;
  if (!denied.some(isAll)) return allowed.length === 0 ? everybodyBut(denied) : undefined;
  return allowed.length === 0 ? DENIED : onlyThese(allowed);
}

/** Nobody may, but who is allowed and not denied. */
function allowThenDeny(allowed: readonly string[], denied: readonly string[]): readonly string[] | undefined {
  if (allowed.length === 0 || denied.some(isAll)) return DENIED;
  if (allowed.some(isAll)) return denied.length === 0 ? GRANTED : everybodyBut(denied);
  return denied.length === 0 ? onlyThese(allowed) : undefined;
}

function onlyThese(sources: readonly string[]): readonly string[] | undefined {
  const conditions = sources.map(conditionOf);
  return conditions.includes(undefined) ? undefined : conditions.map((one) => `Require ${one ?? ''}`);
}

function everybodyBut(sources: readonly string[]): readonly string[] | undefined {
  const conditions = sources.map(conditionOf);
  if (conditions.includes(undefined)) return undefined;
  const not = conditions.map((one) => `  Require not ${one ?? ''}`);
  return ['<RequireAll>', '  Require all granted', ...not, '</RequireAll>'];
}

/** `192.0.2.` -> `ip 192.0.2`; a name -> `host name`, with the dot before it that leaves out the name itself; `env=x` -> `env x`. */
function conditionOf(source: string): string | undefined {
  const variable = /^env=([\w.-]+)$/i.exec(source)?.[1];
  if (variable !== undefined) return `env ${variable}`;
  if (/^env=/i.test(source)) return undefined;
  if (/^\d+(?:\.\d+){0,3}\.?(?:\/[\d.]+)?$/.test(source)) return `ip ${source.replace(/\.$/, '')}`;
  if (/^[\da-f]*:[\da-f:.]*(?:\/\d+)?$/i.test(source)) return `ip ${source}`;
  return /^[a-z0-9.-]+$/i.test(source) ? `host ${source}` : undefined;
}
