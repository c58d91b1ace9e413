import { array, assert, constantFrom, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { readHtaccess, type ReadHtaccess } from '../../../src/apache/config/judge';
import { hostProfile, type HostProfile } from '../../../src/apache/host';
import { mod_rewrite } from '../../../src/apache/modules/mod_rewrite';

const LINES = [
  'RewriteEngine On',
  'RewriteRule ^a$ /b [R=301,L]',
  '  RewriteRule ^a$ /b [R=301,L]  ',
  'rewriterule ^a$ /b? [R=301,L]',
  'RewriteRule ^a$ - [F]',
  'RewriteRule ^${HERE}$ /b',
  'RewriteRule ( /b',
  'RewriteRule ^a$ /b [WRONG]',
  'RewriteCond %{HTTP_HOST} ^www',
  'RewriteCond %{HTTP_HOST} ^www [NC,OR]',
  'RewriteCond %{REQUEST_FILENAME} -f [NC]',
  'RewriteCond expr "%{HTTP_HOST} == 1"',
  'RewriteCond expr "%{NOTHING} =="',
  'Header set A "expr=%{HTTP_HOST}"',
  'Header set A "expr=%{NONE}"',
  'ErrorDocument 404 /missing',
  '<If "true">',
  '</If>',
  '<IfModule mod_rewrite.c>',
  '</IfModule>',
  '<Files "${HERE}">',
  '</Files>',
  '""',
  '>',
  '</',
  '# comment',
  '',
  'RewriteRule ^a$ \\',
  'Nothing at all',
];

/** As long as files whose lines are remembered. */
const PADDING = `# what is long is remembered${' and'.repeat(25)}\n`.repeat(600);

const place = { directory: '/site/' };
let hosts = 0;

/** A host of which nothing was ever read: a module that nobody knows makes it another one. */
const untouched = (host: HostProfile): HostProfile => ({
  ...host,
  modules: [...host.modules, `mod_untouched_${(hosts += 1)}`],
});

/** All that a reader of it sees of the rules, and the verdict. */
function shown({ verdict, warnings, config }: ReadHtaccess): unknown {
  const { rules, conditions } = config.get(mod_rewrite) ?? {};
  const written = rules?.map((rule) => ({
    pattern: rule.pattern,
    regex: rule.regex,
    isNegated: rule.isNegated,
    substitution: rule.substitution,
    flags: rule.flags,
    conditions: rule.conditions,
    line: rule.line,
    origin: rule.origin,
    args: rule.args,
  }));
  const plain = JSON.stringify({ verdict, warnings, rules: written, conditions });
  return JSON.parse(plain) as unknown;
}

it.each(['', PADDING])('what is kept of the lines read before changes nothing', (padding) => {
  const host = hostProfile({ defines: ['HERE=x y'], apache: '2.4.60' });
  const file = array(constantFrom(...LINES), { maxLength: 12 });
  assert(
    property(file, file, integer({ min: 0, max: 12 }), (before, inserted, at) => {
      readHtaccess(padding + before.join('\n') + padding, host, place);
      readHtaccess(before.join('\n'), host, { directory: '/site/below/' });
      const edited = padding + before.toSpliced(at, 1, ...inserted).join('\n') + padding;
      const again = shown(readHtaccess(edited, host, place));
      expect(again).toEqual(shown(readHtaccess(edited, untouched(host), place)));
    }),
    { numRuns: 400 },
  );
});

it('a rule that stays where it was is the same one, one that moved has its new line', () => {
  const host = untouched(hostProfile());
  const rulesOf = (text: string) => readHtaccess(text, host, place).config.get(mod_rewrite)?.rules ?? [];
  const text = 'RewriteRule a b\nRewriteCond %{HTTPS} on\nRewriteRule c d\n';
  const [first, second] = rulesOf(text);
  const [kept, keptBehindCondition] = rulesOf(text);
  expect(kept).toBe(first);
  expect(keptBehindCondition).toBe(second);
  const [same, moved] = rulesOf(text.replace('\n', '\n\n'));
  expect(same).toBe(first);
  expect(moved).toMatchObject({ line: 4, origin: { line: 4 }, conditions: [{ line: 3 }] });
  expect(second).toMatchObject({ line: 3 });
});
