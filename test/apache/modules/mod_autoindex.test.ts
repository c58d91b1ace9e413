import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/apache/config/judge';
import { hostProfile } from '../../../src/apache/host';
import { ALL_MODULES } from '../../../src/apache/modules/all';

const host = hostProfile({ modules: ALL_MODULES.map((module) => module.name) });

/** Text and refusal, recorded from Apache 2.4.71; null where it is taken. */
const RECORDED: readonly (readonly [text: string, message: string | null])[] = [
  ['IndexOptions FancyIndexing +XHTML -IconWidth NameWidth=* Charset=utf-8', null],
  ['IndexOptions None', null],
  ['IndexOptions FancyIndexing None', null],
  ['IndexOptions None FancyIndexing', "Cannot combine other IndexOptions keywords with 'None'"],
  ['IndexOptions None\nIndexOptions XHTML', "Cannot combine other IndexOptions keywords with 'None'"],
  ['IndexOptions +None', "Cannot combine '+' or '-' with 'None' keyword"],
  ['IndexOptions NameWidth', "NameWidth with no value may only appear as '-NameWidth'"],
  ['IndexOptions NameWidth=4', 'NameWidth value must be greater than 5'],
  ['IndexOptions -IconHeight=3', "Cannot combine '-' with IconHeight=n"],
  ['IndexOptions DescriptionWidth=11', 'DescriptionWidth value must be greater than 12'],
  ['IndexOptions Nothing', 'Invalid directory indexing option'],
  ['IndexOrderDefault Up Name', "First keyword must be 'Ascending' or 'Descending'"],
  ['IndexOrderDefault Ascending Type', "Second keyword must be 'Name', 'Date', 'Size', or 'Description'"],
  ['AddIcon (TXT .txt', 'missing closing paren'],
  ['FancyIndexing On', 'The FancyIndexing directive is no longer supported. Use IndexOptions FancyIndexing.'],
  ['ProxyFCGIBackendType php', "ProxyFCGIBackendType requires one of the following arguments: 'GENERIC', 'FPM'"],
  ['ProxyFCGISetEnvIf true !', 'ProxyFCGISetEnvIf: "!" is not a valid variable name'],
  ['ProxyFCGISetEnvIf true !A b', 'Third argument ("b") is not allowed when using ProxyFCGISetEnvIf\'s unset mode (!A)'],
  ['ProxyHCTemplate x', 'ProxyHCTemplate cannot occur within htaccess files'],
  ['RewriteRule a b "[L, ,R]"', "RewriteRule: unknown flag ',R,'"],
  ['RewriteRule a b [R=103]', null],
  ['RewriteOptions " "', "RewriteOptions: unknown option ''"],
]; // prettier-ignore

describe('mod_autoindex, the FastCGI proxy and mod_rewrite', () => {
  it.each(RECORDED)('%j is judged as by Apache', (text, message) => {
    expect(judge(text, host).message).toBe(message);
  });
});

describe('every directive', () => {
  it('that a .htaccess may hold says what it refuses', () => {
    const unseen = ALL_MODULES.flatMap(({ name: module, directives }) =>
      Object.entries(directives)
        .filter(
          ([, directive]) =>
            !('apply' in directive) && directive.where.some((place) => !place.endsWith('_CONF')),
        )
        .map(([name]) => `${module} ${name}`),
    );
    expect(unseen).toEqual([]);
  });
});
