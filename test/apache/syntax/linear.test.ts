import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/apache/config/judge';
import { hostProfile } from '../../../src/apache/host';
import { parse, print } from '../../../src/apache/syntax/tree';

const HOST = hostProfile();

/** Texts in which work that grows with the square of the length would take minutes. */
const SHAPES: readonly (readonly [name: string, part: string])[] = [
  ['directives', 'SetEnv a b\n'],
  ['rules', 'RewriteRule ^a/([0-9]+)$ /b?c=$1 [L]\n'],
  ['redirects', 'Redirect 301 /a /b\n'],
  ['browsers', 'BrowserMatch [a-z]a b\nBrowserMatch [a-z]b b\n'],
  ['open sections', '<IfModule mod_rewrite.c>\n'],
  ['skipped sections', '<IfModule mod_nothing.c>\n'],
  ['continued lines', 'a \\\n'],
  ['quotes', '" '],
  ['backslashes', '\\\\'],
  ['blank lines', '\n'],
];

describe('long files take no longer than their length', () => {
  test.each(SHAPES)('%s', (_, part) => {
    const source = part.repeat(Math.ceil(1_000_000 / part.length));
    const started = performance.now();
    const tree = parse(source);
    judge(source, HOST);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(print(tree) === source).toBe(true);
  });
});
