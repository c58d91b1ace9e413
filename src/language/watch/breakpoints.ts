import { readWord } from '../../apache/syntax/words';
import type { SectionNode } from '../../apache/syntax/tree';
import type { Entry, HtaccessDocument } from '../document';

/**
 * Directives that have a turn of their own in a request. The others, as RewriteEngine or AuthName, say how these work:
 * nothing happens on their lines.
 */
const WITH_A_TURN: ReadonlySet<string> = new Set(
  (
    'Action AddCharset AddEncoding AddHandler AddLanguage AddType Allow AuthMerging AuthType AuthUserFile BrowserMatch ' +
    'BrowserMatchNoCase CheckSpelling Deny DirectoryIndex DirectoryIndexRedirect DirectorySlash ErrorDocument ' +
    'ExpiresByType ExpiresDefault FallbackResource ForceType Header Options Order PassEnv Redirect RedirectMatch ' +
    'RedirectPermanent RedirectTemp RequestHeader Require RewriteCond RewriteRule SetEnv SetEnvIf SetEnvIfExpr ' +
    'SetEnvIfNoCase SetHandler'
  )
    .toLowerCase()
    .split(' '),
);

/** Sections that are tried with each request; those of `<IfModule>` and its kind are taken or left when the file is read. */
const TRIED: ReadonlySet<string> = new Set(
  'files filesmatch if elseif else requireall requireany requirenone'.split(' '),
);

/**
 * The line of a breakpoint that is wanted on `line`: itself where a request can stop on it, else the next one below. Both
 * are one-based; of a continued line it is the last. Undefined where there is none below.
 */
export function breakpointLine(document: HtaccessDocument, line: number): number | undefined {
  return document.entries.find((entry) => entry.line.line >= line && hasTurn(entry))?.line.line;
}

function hasTurn({ kind, node, line }: Entry): boolean {
  if (kind === 'directive') return WITH_A_TURN.has(readWord(line.text, 0).value.toLowerCase());
  return kind === 'section' && TRIED.has((node as SectionNode).name.toLowerCase());
}
