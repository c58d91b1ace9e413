import { htaccessTexts, type Effect } from './apache/effects';
import type { OraclePair } from './apache/oracle';
import type { OracleOutcome } from './apache/record';

/** A difference that we know and keep. */
interface KnownDifference {
  readonly reason: string;
  readonly applies: (own: Effect, apache: OracleOutcome, htaccess: string) => boolean;
}

/** All of them; the suites of outcomes share the list. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    reason: 'What another server answers is not known; what mod_proxy makes of its URL is not followed.',
    applies: (own, apache) => [own, apache].some(({ file }) => file?.startsWith('proxy:') === true),
  },
  {
    reason:
      'After a RewriteCond expr that has tried no regular expression Apache reads captures that it has never written.',
    applies: (_own, _apache, htaccess) =>
      /Rewrite(?:Rule|Cond) .*%\d/i.test(htaccess) &&
      /RewriteCond expr (?:.*(?:\|\||&&)|(?!.*=~))/i.test(htaccess),
  },
  {
    reason:
      'A generated listing looks up every file, and rules that run then may set cookies; its length, and so what Range gives, is not known.',
    applies: (own, apache) =>
      own.handler === 'httpd/unix-directory' &&
      [own.status, 206, 416].includes(apache.status) &&
      own.uri === apache.uri &&
      own.redirects === apache.redirects,
  },
  {
    reason:
      'With FileETag None Apache puts the bytes behind an empty text at the end of the ETag of a negotiated file.',
    applies: (_own, apache, htaccess) =>
      /FileETag\s+None/i.test(htaccess) && /^"[^;]*;/.test(String(apache.headers['ETag'] ?? '')),
  },
  {
    reason: "The names of a file's owner and group on the server are not known.",
    applies: (_own, _apache, htaccess) => /%\{SCRIPT_(?:USER|GROUP)\}/i.test(htaccess),
  },
];

/** True where a difference between both answers to a pair is one of those. */
export function isKnownDifference(pair: OraclePair, own: Effect, apache: OracleOutcome): boolean {
  const htaccess = htaccessTexts(pair)
    .map(([, text]) => text)
    .join('\n');
  return KNOWN_DIFFERENCES.some(({ applies }) => applies(own, apache, htaccess));
}
