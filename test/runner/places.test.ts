import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedPlaces } from '../../src/runner';

/** `words` are what is marked as the link. */
const places = (text: string) =>
  namedPlaces(text, '/site').map(({ start, end, file, line }) => ({
    words: text.slice(start, end),
    file,
    line,
  }));

describe('the places that a message names', () => {
  it.each([
    ['Python', '  File "/site/app.py", line 31, in application', '/site/app.py', 31],
    ['Perl', 'Died at /site/lib/App.pm line 7.', '/site/lib/App.pm', 7],
    [
      'Perl, relative',
      'Undefined subroutine &main::x called at dispatch.fcgi line 12.',
      '/site/dispatch.fcgi',
      12,
    ],
    ['PHP', 'PHP Fatal error:  Uncaught Error: x in /site/index.php:5', '/site/index.php', 5],
    ['PHP, at its end', '  thrown in /site/index.php on line 5', '/site/index.php', 5],
    ['PHP, stack', '#0 /site/lib/a.php(22): f()', '/site/lib/a.php', 22],
    ['Ruby', "/site/app.rb:3:in `call': boom (RuntimeError)", '/site/app.rb', 3],
    ['Ruby, stack', "\tfrom /site/config.ru:9:in `block'", '/site/config.ru', 9],
  ])('%s', (_, text, file, line) => {
    expect(places(text)).toMatchObject([{ file, line }]);
  });

  it('leave out what is no file, and times and addresses', () => {
    expect(places('  File "<string>", line 1\nat (eval 3) line 1\n12:30:45 http://localhost:8400')).toEqual(
      [],
    );
  });

  it('come in order, apart from each other, and take linear time', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            'File "',
            '/a.py',
            '", line ',
            '7',
            ' at ',
            ' line ',
            ':',
            '(',
            ')',
            '\n',
            'in ',
            ' on line ',
          ),
          maxLength: 60,
        }),
        (text) => {
          const found = namedPlaces(text, '/site');
          for (const [at, { start, end, line }] of found.entries()) {
            expect(start).toBeLessThan(end);
            expect(start).toBeGreaterThanOrEqual(found[at - 1]?.end ?? 0);
            expect(line).toBeGreaterThan(0);
          }
        },
      ),
    );
    const began = performance.now();
    namedPlaces(' at at in / File "'.repeat(20_000), '/site');
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
