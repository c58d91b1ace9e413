import type { Place } from '../../../src/apache/modules/define';
import { bytesOf } from '../../../src/text/bytes';
import { VALUES, type ValueMaker } from './values';
import { Random } from './random';

/** What the generator must know of a directive. */
export interface DirectiveToTry {
  readonly name: string;
  readonly args: string;
  readonly where: readonly Place[];
}

/** How many arguments each kind takes at least and at most. */
const COUNTS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  NO_ARGS: [0, 0],
  TAKE1: [1, 1],
  TAKE2: [2, 2],
  TAKE12: [1, 2],
  TAKE3: [3, 3],
  TAKE23: [2, 3],
  TAKE123: [1, 3],
  TAKE13: [1, 3],
  ITERATE: [1, 4],
  ITERATE2: [2, 4],
  TAKE_ARGV: [0, 4],
  FLAG: [1, 1],
  RAW_ARGS: [0, 4],
};

const COMMON = ['On', 'Off', 'on', 'None', 'All', 'default', '0', '1', '-1', '10', '4294967296', '404', '1.5', 'abc', 'a b',
  '/', '/path', '/etc/passwd', 'relative/file', 'http://example.test/', 'https://', '*', '.html', 'text/html', 'x/y; q=1',
  '!x', '-x', '+x', '=x', '~', '%{REQUEST_URI}', '${PATH}', '$1', '[NC]', '(', '^a(b)?$', '"', "'", '\\', '#', '', 'é',
  'env=X', 'expr=true', 'a=b', 'a:b', 'a,b', '1s', '1M', 'GET', 'user', 'utf-8', 'UTF-8', 'fcgid-script']; // prettier-ignore

/** A word as it may stand in a line: bare, in either quotes, or with an escape. */
function quoted(random: Random, value: string): string {
  if (value === '' || /[\s]/.test(value)) return random.pick([`"${value}"`, `'${value}'`]);
  return random
    .weighted([
      { weight: 8, make: () => value },
      { weight: 3, make: () => `"${value}"` },
      { weight: 1, make: () => `'${value}'` },
    ])
    .make();
}

function argumentsFor(random: Random, directive: DirectiveToTry, maker: ValueMaker | undefined): string {
  const [least, most] = COUNTS[directive.args] ?? [0, 3];
  const isWrongCount = random.chance(0.12);
  const count = isWrongCount ? random.below(5) : least + random.below(most - least + 1);
  const words = random.times(count, () => quoted(random, random.pick(COMMON)));
  if (maker === undefined || random.chance(0.2)) return words.join(' ');
  const made = maker(random);
  return random.chance(0.1) ? `${made} ${words[0] ?? ''}` : made;
}

function lineFor(random: Random, directive: DirectiveToTry): string {
  const args = argumentsFor(random, directive, VALUES[directive.name]);
  if (!directive.name.startsWith('<')) return `${directive.name} ${args}`;
  const inner = random.chance(0.4)
    ? `${random.pick(['RewriteEngine On', 'Options +Indexes', 'Bogus', '# x', 'Require all granted'])}\n`
    : '';
  return `${directive.name} ${args}>\n${inner}${random.chance(0.95) ? `</${directive.name.slice(1)}>` : ''}`;
}

/** Texts of one to three directives with right, wrong, missing and surplus arguments; those allowed in .htaccess come most often. */
export function directiveTexts(
  count: number,
  seed: number,
  directives: readonly DirectiveToTry[],
): Uint8Array[] {
  const random = new Random(seed * 7919 + 17);
  const isAllowed = ({ where }: DirectiveToTry): boolean => where.some((place) => !place.endsWith('_CONF'));
  const allowed = directives.filter(isAllowed);
  const pick = (): DirectiveToTry =>
    random.pick(random.chance(0.95) && allowed.length > 0 ? allowed : directives);
  return Array.from({ length: count }, () => {
    const lines = random.times(random.chance(0.8) ? 1 : 1 + random.below(3), () => lineFor(random, pick()));
    return bytesOf(lines.join('\n'));
  });
}
