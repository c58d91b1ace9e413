import type { Command, Refusal } from '../define';
import { isUrl } from '../core/errorDocument';
import { leadingInteger } from '../numbers';
import type { AliasConfig, RedirectEntry } from './config';

const NAMED_STATUS: ReadonlyMap<string, number> = new Map([
  ['permanent', 301],
  ['temp', 302],
  ['seeother', 303],
  ['gone', 410],
]);

/** True for a status that sends the visitor elsewhere (ap_is_HTTP_REDIRECT). */
export const isRedirectStatus = (status: number): boolean => status >= 300 && status < 400;

/** How the directive at hand reads its arguments. */
export interface RedirectForm {
  /** The status where the first argument names none. */
  readonly status: number;
  readonly isRegex: boolean;
}

type Arguments = readonly [first: string, second: string | undefined, third: string | undefined];

/** The status that the first argument names; undefined when it is no status. */
function statusOf(word: string): number | undefined {
  return NAMED_STATUS.get(word.toLowerCase()) ?? (/^\d/.test(word) ? leadingInteger(word) : undefined);
}

/** Redirect and RedirectMatch in all their forms (add_redirect_internal). */
export function addRedirect(cmd: Command, config: AliasConfig, form: RedirectForm, args: Arguments): Refusal {
  const [first, second, third] = args;
  const named = statusOf(first);
  if (third !== undefined && named === undefined) return 'Redirect: invalid first argument (of three)';
  const status = named ?? form.status;
  const takesTarget = named !== undefined && isRedirectStatus(named);
  const isForAll = second === undefined ? !takesTarget : takesTarget && third === undefined;
  if (isForAll) {
    const target = named === undefined ? first : takesTarget ? second : undefined;
    return redirectAll(cmd, config, { target, status });
  }
  const [from, target] = named === undefined ? [first, second] : [second ?? '', third];
  return redirectPath(cmd, config, { isRegex: form.isRegex, from, target, status });
}

function redirectAll(
  cmd: Command,
  config: AliasConfig,
  { target, status }: { target: string | undefined; status: number },
): Refusal {
  if (target === undefined) {
    config.all = { target: config.all?.target, status, ...placeOf(cmd) };
    return undefined;
  }
  const parsed = cmd.parseExpr('Redirect', target);
  if ('refusal' in parsed) return parsed.refusal;
  config.all = { target: parsed.expr, status, ...placeOf(cmd) };
  return undefined;
}

function placeOf(cmd: Command): Pick<RedirectEntry, 'origin' | 'directive' | 'args'> {
  return { origin: cmd.origin, directive: cmd.name, args: cmd.directive.args.trim() };
}

function redirectPath(
  cmd: Command,
  config: AliasConfig,
  entry: RedirectForm & { readonly from: string; readonly target: string | undefined },
): Refusal {
  const { from, target, status, isRegex } = entry;
  const regex = isRegex ? cmd.compile(from) : undefined;
  if (isRegex && regex === undefined) return 'Regular expression could not be compiled.';
  if (isRedirectStatus(status)) {
    if (target === undefined) return 'URL to redirect to is missing';
    if (!isRegex && !isUrl(target) && !target.startsWith('/')) return 'Redirect to non-URL';
  } else if (target !== undefined) {
    return 'Redirect URL not valid for this status';
  }
  const source =
    regex === undefined
      ? ({ kind: 'path', path: from } as const)
      : ({ kind: 'regex', regex, pattern: from } as const);
  const { line } = cmd.directive;
  const { origin, directive, args } = placeOf(cmd);
  config.redirects.push({ from: source, target, status, line, origin, directive, args });
  return undefined;
}
