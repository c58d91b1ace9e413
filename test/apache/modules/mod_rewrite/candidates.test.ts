import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { hostProfile } from '../../../../src/apache/host';
import { memorySite } from '../../../../src/apache/memorySite';
import { evaluate } from '../../../../src/apache/request';
import type { Outcome } from '../../../../src/apache/request/outcome';

const host = hostProfile();

const words = fc.constantFrom('a', 'ab', 'abc', 'shop', 'Shop', 'x1', 'index', 'nothing');
const patterns = fc
  .tuple(fc.constantFrom('^', '!^', '', '!'), words, fc.constantFrom('', '/', '(.*)', '/?$', '[a-z]+$', '|b'))
  .map((parts) => parts.join(''));
const flags = fc.constantFrom('', ' [L]', ' [C]', ' [NC]', ' [S=3]', ' [NC,C]', ' [E=SEEN:$0]', ' [R=301,L]');
const substitutions = fc.constantFrom('-', 'abc', 'shop/$1', 'x1', 'index');
const rules = fc
  .tuple(patterns, substitutions, flags)
  .map(([pattern, substitution, flag]) => `RewriteRule ${pattern} ${substitution}${flag}`);

function answer(htaccess: string, target: string, trace: boolean): Omit<Outcome, 'trace'> {
  const site = memorySite({ '.htaccess': htaccess, 'index.html': '' }, { treeRoot: host.treeRoot });
  const request = { method: 'GET', target, headers: [['Host', 'www.example.test']] as const };
  const { trace: _trace, ...outcome } = evaluate({ request, site, host, documentRoot: host.treeRoot, trace });
  return outcome;
}

it('passing over rules that cannot match changes no answer', () => {
  const lists = fc.array(rules, { minLength: 32, maxLength: 60 });
  const targets = fc.array(fc.oneof(words, fc.constantFrom('/', 'AB', 'b')), { maxLength: 4 });
  fc.assert(
    fc.property(lists, targets, (list, parts) => {
      const htaccess = ['RewriteEngine On', ...list, ''].join('\n');
      const target = `/${parts.join('')}`;
      expect(answer(htaccess, target, false)).toEqual(answer(htaccess, target, true));
    }),
    { numRuns: 400 },
  );
});
