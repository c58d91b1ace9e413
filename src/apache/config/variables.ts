import type { HostProfile } from '../host';
import { lookup } from '../../text/lookup';

/** What `${…}` needs to know. */
export interface VariableScope {
  readonly host: HostProfile;
  warn(message: string): void;
}

/** Replaces `${NAME}` by what Define or the server's environment holds; an unknown one stays, with Apache's warning (ap_resolve_env). */
export function resolveVariables(text: string, scope: VariableScope): string {
  if (!text.includes('${')) return text;
  let resolved = '';
  let at = 0;
  for (;;) {
    const open = text.indexOf('${', at);
    const close = open < 0 ? -1 : text.indexOf('}', open + 2);
    if (close < 0) return resolved + text.slice(at);
    const name = text.slice(open + 2, close);
    const value = variable(name, scope.host);
    if (value === undefined && !name.includes(':'))
      scope.warn(`AH00111: Config variable \${${name}} is not defined`);
    resolved += text.slice(at, open) + (value ?? text.slice(open, close + 1));
    at = close + 1;
  }
}

/** A Define with a value is `NAME=value` in the profile; its name is found in any case (apr_table_get), the last one given counts. */
function variable(name: string, host: HostProfile): string | undefined {
  const start = `${name.toLowerCase()}=`;
  const defined = host.defines.findLast((define) => define.toLowerCase().startsWith(start));
  if (defined !== undefined) return defined.slice(start.length);
  return lookup(host.environment, name);
}
