import type { HostProfile } from '../../host';
import { readWords } from '../../syntax/words';
import type { Command, DirectiveOf, Refusal } from '../define';
import type { CoreConfig } from './config';
import { missingArgument, sectionArgument } from './sectionArgument';
import { lookup } from '../../../text/lookup';

/** Apache's method numbers (M_* of httpd.h); HEAD counts as GET. */
const METHOD_NUMBERS: ReadonlyMap<string, number> = new Map(
  [
    'GET', 'PUT', 'POST', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'PROPFIND', 'PROPPATCH', 'MKCOL', 'COPY',
    'MOVE', 'LOCK', 'UNLOCK', 'VERSION-CONTROL', 'CHECKOUT', 'UNCHECKOUT', 'CHECKIN', 'UPDATE', 'LABEL', 'REPORT',
    'MKWORKSPACE', 'MKACTIVITY', 'BASELINE-CONTROL', 'MERGE',
  ].map((name, number) => [name, number] as const), // prettier-ignore
);

/** What Apache takes for the number of a method that it does not know (M_INVALID). */
export const UNKNOWN_METHOD = 26;

/** Methods that mod_dav makes known when it is loaded. */
const DAV_METHODS: readonly string[] = ['BIND', 'SEARCH'];

/** How many numbers methods may have. */
export const METHOD_COUNT = UNKNOWN_METHOD + 1 + DAV_METHODS.length;

/** The bit of a request method for <Limit>; undefined for one that the host's Apache does not know. */
export function methodBit(method: string, host?: HostProfile): number | undefined {
  const number = METHOD_NUMBERS.get(method === 'HEAD' ? 'GET' : method);
  if (number !== undefined) return 1 << number;
  const at = DAV_METHODS.indexOf(method);
  return at >= 0 && host?.modules.includes('mod_dav') === true ? 1 << (UNKNOWN_METHOD + 1 + at) : undefined;
}

/** Methods that other modules register when the server starts, with bits that nothing else uses. */
const REGISTERED: Readonly<Record<string, { readonly module: string; readonly bit: number }>> = {
  BIND: { module: 'mod_dav.c', bit: 1 << 27 },
  SEARCH: { module: 'mod_dav.c', bit: 1 << 28 },
};

function limitBit(cmd: Command, method: string): number | undefined {
  const registered = lookup(REGISTERED, method);
  if (registered !== undefined && cmd.hasModule(registered.module)) return registered.bit;
  return methodBit(method);
}

function applyLimit(isExcept: boolean): NonNullable<DirectiveOf<'RAW_ARGS', CoreConfig>['apply']> {
  return (cmd, _config, args) => {
    const argument = sectionArgument(cmd, args);
    if ('refusal' in argument) return argument.refusal;
    if (argument.text === '') return missingArgument(cmd);
    let methods = 0;
    for (const word of readWords(argument.text)) {
      if (word.value === 'TRACE' && !isExcept)
        return 'TRACE cannot be controlled by <Limit>, see TraceEnable';
      const bit = limitBit(cmd, word.value);
      if (bit === undefined) {
        return `Could not register method '${word.value}' for ${cmd.name} from .htaccess configuration`;
      }
      methods |= bit;
    }
    return limitedTo(cmd, isExcept ? ~methods : methods);
  };
}

function limitedTo(cmd: Command, methods: number): Refusal {
  const outer = cmd.limited;
  if ((outer & methods) === 0) return `${cmd.name}> directive excludes all methods`;
  if ((outer & methods) === outer) return `${cmd.name}> directive specifies methods already excluded`;
  cmd.limited = outer & methods;
  return cmd.walkSection(cmd.context, () => {
    cmd.limited = outer;
    return undefined;
  });
}

/** What completion offers. */
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'PROPFIND'];

/** <Limit> and <LimitExcept>. */
export const limitDirectives = {
  '<Limit': {
    args: 'RAW_ARGS',
    where: ['Limit', 'AuthConfig'],
    help: 'Container for authentication directives when accessed using specified HTTP methods',
    summary: 'Access rules for some request methods only; all others stay free.',
    values: METHODS,
    apply: applyLimit(false),
  },
  '<LimitExcept': {
    args: 'RAW_ARGS',
    where: ['Limit', 'AuthConfig'],
    help: 'Container for authentication directives to be applied when any HTTP method other than those specified is used to access the resource',
    summary: 'Access rules for all request methods but these.',
    values: METHODS,
    apply: applyLimit(true),
  },
} satisfies Record<string, DirectiveOf<'RAW_ARGS', CoreConfig>>;
