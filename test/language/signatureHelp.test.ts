import { describe, expect, test } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { signatureHelp } from '../../src/language';
import { CATALOG } from '../../src/language/catalog';
import { DIRECTIVE_FACTS } from '../../src/language/directiveFacts';
import { atCursor } from './marked';

/** The signature at the `|` with the active argument in `«»`; empty for none. */
function signatureAt(marked: string): string {
  const { document, position } = atCursor(marked);
  const help = signatureHelp(document, position, hostProfile());
  const [signature] = help?.signatures ?? [];
  const label = signature?.label ?? '';
  const span = signature?.parameters?.[help?.activeParameter ?? -1]?.label;
  if (!Array.isArray(span)) return label;
  const [start, end] = span;
  return `${label.slice(0, start)}«${label.slice(start, end)}»${label.slice(end)}`;
}

describe('the argument at the cursor', () => {
  test.each([
    ['RewriteRule |', 'RewriteRule «pattern» substitution [flags]'],
    ['RewriteRule ^a$ |', 'RewriteRule pattern «substitution» [flags]'],
    ['RewriteRule ^a$ b [L|]', 'RewriteRule pattern substitution «[flags]»'],
    ['rewritecond %{HTTP_HOST} ^|', 'RewriteCond text «condition» [flags]'],
    ['Redirect |', 'Redirect «[status]» path [url]'],
    ['Redirect 301 |', 'Redirect [status] «path» [url]'],
    ['Redirect /old |', 'Redirect [status] path «[url]»'],
    ['AddType text/css .css .x|', 'AddType media-type «.extension …»'],
    ['Header set |', 'Header [always|onsuccess] action «name» [value [replacement]] [env=…|expr=…]'],
    ['Header always set |', 'Header [always|onsuccess] action «name» [value [replacement]] [env=…|expr=…]'],
    ['Require ip 1 2|', 'Require [not] provider «[argument …]»'],
    ['DirectorySlash |', 'DirectorySlash «On|Off»'],
    ['<IfModule |>', '<IfModule «[!]module-file|module-name»>'],
    ['<If "a == b"| >', '<If «expression»>'],
    ['order |', 'Order «Deny,Allow|Allow,Deny|Mutual-failure»'],
  ])('%s', (marked, expected) => expect(signatureAt(marked)).toBe(expected));

  test.each([
    'Rewrite|Rule a',
    'Bogus |',
    '# RewriteRule |',
    '|',
    'DirectorySlash On |',
    '</IfModule|>',
    '<Else>|',
  ])('none: %s', (marked) => expect(signatureAt(marked)).toBe(''));
});

describe('the table of syntax and defaults', () => {
  const entries = Object.entries(DIRECTIVE_FACTS);

  test('names directives that there are', () => {
    expect(entries.map(([name]) => name).filter((name) => !CATALOG.has(name.toLowerCase()))).toEqual([]);
  });

  test('is well formed', () => {
    for (const [name, { takes, byDefault }] of entries) {
      expect(`${name} ${takes}`).not.toMatch(/\.\.\.|<code| {2}/);
      expect(byDefault).not.toBe('');
    }
  });
});
