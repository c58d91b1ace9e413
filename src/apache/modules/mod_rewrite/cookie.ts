import { httpDate } from '../../../text/httpDate';
import { log, type RewriteContext } from './context';
import { leadingInteger } from '../numbers';

/** `Mon, 23-Nov-2026 03:06:39 GMT`, as mod_rewrite writes it. */
function cookieDate(seconds: number): string {
  return httpDate(seconds * 1000).replace(/(\d\d) (\w+) (\d+)/, '$1-$2-$3');
}

const isOneOf = (value: string | undefined, ...words: string[]): boolean =>
  value !== undefined && words.includes(value.toLowerCase());

/** [CO=name:value:domain:minutes:path:secure:httponly:samesite], or the same with `;` first and between (add_cookie). */
export function addCookie(context: RewriteContext, text: string): void {
  const separator = text.startsWith(';') ? ';' : ':';
  const parts = (separator === ';' ? text.slice(1) : text).split(separator).filter((part) => part !== '');
  const [name, value, domain, minutes, path, secure, httpOnly, sameSite] = parts;
  if (name === undefined || value === undefined || domain === undefined) return;
  let { r } = context;
  while (r.main !== null) r = r.main;
  const note = `${name}_rewrite`;
  if (r.evaluation.cookiesSet.has(note)) {
    log(context, 5, () => `skipping already set cookie '${name}'`, false);
    return;
  }
  const lifetime = minutes === undefined ? 0 : leadingInteger(minutes);
  let cookie = `${name}=${value}; path=${path ?? '/'}; domain=${domain}`;
  if (lifetime !== 0) cookie += `; expires=${cookieDate(r.evaluation.time + 60 * lifetime)}`;
  // Measured: without secure Apache leaves HttpOnly out, too.
  if (isOneOf(secure, 'true', '1', 'secure')) {
    cookie += '; secure';
    if (isOneOf(httpOnly, 'true', '1', 'httponly')) cookie += '; HttpOnly';
  }
  if (sameSite !== undefined && !isOneOf(sameSite, '0', 'false')) cookie += `; SameSite=${sameSite}`;
  r.errHeadersOut.add('Set-Cookie', cookie);
  r.evaluation.cookiesSet.add(note);
  log(context, 5, () => `setting cookie '${cookie}'`, false);
}
