import { readWord } from '../../apache/syntax/words';
import type { SectionNode } from '../../apache/syntax/tree';
import type { Entry, HtaccessDocument } from '../document';
import type { ByteEdit, ByteFix } from '../problem';
import { directiveName } from '../rewriteBlock';
import { indentOf } from '../spans';
import type { RefactoringPlace } from '.';

interface Redirect {
  readonly title: string;
  /** Lines that do it, below `RewriteEngine On`. */
  readonly lines: readonly string[];
  /** Found in a file that does it already, perhaps in other words. */
  readonly already: RegExp;
}

/** Only what the visitor asked for: not an error page or an index, to which Apache goes by itself. */
const FIRST = 'RewriteCond %{ENV:REDIRECT_STATUS} ^$';

/** A form that was sent by POST would be lost in a redirect. */
const READS = 'RewriteCond %{REQUEST_METHOD} ^(?:GET|HEAD)$';

const REDIRECTS: readonly Redirect[] = [
  {
    title: 'Add a redirect to https',
    lines: [
      FIRST,
      'RewriteCond %{HTTPS} !=on',
      'RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [R=301,L]',
    ],
    already: /^\s*RewriteCond\s.*(?:%\{HTTPS\}|X-Forwarded-Proto)/im,
  },
  {
    title: 'Add a redirect to https, behind a proxy that ends TLS',
    lines: [
      FIRST,
      'RewriteCond %{HTTPS} !=on',
      'RewriteCond %{HTTP:X-Forwarded-Proto} !=https',
      'RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [R=301,L]',
    ],
    already: /^\s*RewriteCond\s.*(?:%\{HTTPS\}|X-Forwarded-Proto)/im,
  },
  {
    title: 'Add a redirect to www.',
    lines: [
      FIRST,
      'RewriteCond %{HTTP_HOST} \\.[a-z] [NC]',
      'RewriteCond %{HTTP_HOST} !^www\\. [NC]',
      'RewriteRule ^ %{REQUEST_SCHEME}://www.%{SERVER_NAME}%{REQUEST_URI} [R=301,L]',
    ],
    already: /\^www/i,
  },
  {
    title: 'Add a redirect from www. to the name without it',
    lines: [
      FIRST,
      'RewriteCond %{HTTP_HOST} ^www\\.([^:]+) [NC]',
      'RewriteRule ^ %{REQUEST_SCHEME}://%1%{REQUEST_URI} [R=301,L]',
    ],
    already: /\^www/i,
  },
  {
    title: 'Add a redirect that puts a slash at the end of paths',
    lines: [
      FIRST,
      READS,
      'RewriteCond %{REQUEST_FILENAME} !-f',
      'RewriteCond %{REQUEST_URI} !(?:/|\\.[^/]*)$',
      'RewriteRule ^ %{REQUEST_URI}/ [R=301,L]',
    ],
    already: /%\{REQUEST_URI\}\/ \[/i,
  },
  {
    title: 'Add a redirect that takes the slash from the end of paths',
    lines: [
      FIRST,
      READS,
      'RewriteCond %{REQUEST_FILENAME} !-d',
      'RewriteCond %{REQUEST_URI} ^(/.*[^/])/+$',
      'RewriteRule ^ %1 [R=301,L]',
    ],
    already: /RewriteRule \^ %1 /i,
  },
];

/** Redirects of the whole folder, before all other rules. Offered where mod_rewrite is at work, and in empty lines. */
export function redirectFixes(place: RefactoringPlace): readonly ByteFix[] {
  const { document, entry } = place;
  if (!isOfferedOn(entry)) return [];
  const missing = REDIRECTS.filter(({ already }) => !already.test(document.source));
  return missing.map(({ title, lines }) => ({ title, edits: [editFor(place, lines)] }));
}

function isOfferedOn(entry: Entry | undefined): boolean {
  if (entry === undefined) return true;
  if (!isOfFolder(entry)) return false;
  return (
    entry.kind === 'blank' || ['rewriteengine', 'rewriterule', 'rewritecond'].includes(directiveName(entry))
  );
}

/** Only IfModule and its kind around it: other sections have rules of their own. */
function isOfFolder({ parent }: Entry): boolean {
  for (let around = parent; around !== undefined; around = around.parent)
    if (!/^if(?:module|define|version|directive|section|file)$/i.test((around.node as SectionNode).name))
      return false;
  return true;
}

/** Behind the line that switches rules on; with such a line at the cursor where there is none. */
function editFor({ document, entry, offset }: RefactoringPlace, lines: readonly string[]): ByteEdit {
  const engine = document.entries.find(isEngine);
  if (engine !== undefined) {
    const { end } = engine.line;
    const isLast = !document.source.slice(engine.line.start, end).endsWith('\n');
    const text = textOf(document, lines, indentOf(document.source, engine.line));
    return {
      start: end,
      end,
      text: isLast ? document.lineEnd + text.slice(0, -document.lineEnd.length) : text,
    };
  }
  const at = entry?.line.start ?? offset;
  const indent = entry === undefined || entry.kind === 'blank' ? '' : indentOf(document.source, entry.line);
  return { start: at, end: at, text: textOf(document, ['RewriteEngine On', ...lines], indent) };
}

function textOf({ lineEnd }: HtaccessDocument, lines: readonly string[], indent: string): string {
  return lines.map((line) => indent + line + lineEnd).join('');
}

function isEngine(entry: Entry): boolean {
  if (directiveName(entry) !== 'rewriteengine' || !isOfFolder(entry)) return false;
  const { text } = entry.line;
  return readWord(text, readWord(text, 0).next).value.toLowerCase() === 'on';
}
