import type { Expr } from '../../expr';
import { isKnownStatus } from '../../request/status';
import type { Command, DirectiveOf, Refusal } from '../define';
import { leadingInteger } from '../numbers';
import type { CoreConfig } from './config';

/** What answers in place of Apache's own page; 'default' puts that page back. The expression's text begins with `"` for a message. */
export type ErrorDocument = Expr | 'default';

/** True for what Apache takes for a URL: letters, digits, `+`, `-` and `.` before a colon (ap_is_url). */
export function isUrl(text: string): boolean {
  return /^[A-Za-z0-9+.-]+:/.test(text);
}

function setErrorDocument(cmd: Command, config: CoreConfig, code: string, text: string): Refusal {
  const status = leadingInteger(code);
  if (!isKnownStatus(status)) return `Unsupported HTTP response code ${code}`;
  const isRemote = !text.includes(' ') && !text.startsWith('/') && isUrl(text);
  if (status === 401 && isRemote) {
    cmd.warn(
      `AH00113: .htaccess:${cmd.directive.line} cannot use a full URL in a 401 ErrorDocument directive --- ignoring!`,
    );
    return undefined;
  }
  if (text.toLowerCase() === 'default') {
    config.errorDocuments = new Map(config.errorDocuments).set(status, 'default');
    return undefined;
  }
  const isMessage = text.includes(' ') || (!text.startsWith('/') && !isRemote);
  const parsed = cmd.parseExpr('ErrorDocument', isMessage ? `"${text}` : text);
  if ('refusal' in parsed) return parsed.refusal;
  config.errorDocuments = new Map(config.errorDocuments).set(status, parsed.expr);
  return undefined;
}

/** ErrorDocument: a text, a path of this site, or a URL elsewhere. */
export const errorDocument: DirectiveOf<'TAKE2', CoreConfig> = {
  args: 'TAKE2',
  where: ['FileInfo'],
  help: 'Change responses for HTTP errors',
  summary: 'What answers in place of an error page: a text, a path of this site, or a URL elsewhere.',
  values: ['400', '401', '403', '404', '410', '500', '503', 'default'],
  apply: setErrorDocument,
};
