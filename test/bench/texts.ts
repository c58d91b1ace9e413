import { realisticFiles } from '../oracle/generate/realistic';
import { Random } from '../oracle/generate/random';

type RuleMaker = (name: string, random: Random) => string;

/** Rules as sites collect them by the hundred: moved pages, friendly addresses, formats, languages. Flags and forms vary. */
const RULE_MAKERS: readonly RuleMaker[] = [
  (name) => `RewriteRule ^${name}\\.html$ /pages/${name}/ [R=301,L]`,
  (name) => `RewriteRule ^shop/${name}/([a-z0-9-]+)/?$ shop.php?item=$1&from=${name} [L,QSA]`,
  (name) => `RewriteRule ^(en|de|fr)/${name}/?$ index.php?lang=$1&page=${name} [NC,L]`,
  (name) => `RewriteRule ^archive/([0-9]{4})/([0-9]{1,2})/${name} /blog/$1-$2/${name}? [R=302,L,NE]`,
  (name) => `RewriteRule ${name}/(.+)\\.(gif|jpe?g|png)$ media/${name}/$1.$2 [L]`,
  (name, random) =>
    `RewriteRule ^${name}(?:/page-(\\d+))?$ list.php?p=$1&n=${random.below(100)} [PT,E=LIST:${name}]`,
];

/** A .htaccess with `count` different RewriteRules; the same seed gives the same text. None matches `/wanted`. */
export function manyRules(count: number, seed: number): string {
  const random = new Random(seed);
  const rules = Array.from({ length: count }, (_, at) =>
    random.pick(RULE_MAKERS)(`topic-${seed}-${at}`, random),
  );
  return ['RewriteEngine On', ...rules, ''].join('\n');
}

/** The same text after somebody typed a few characters into a pattern in its middle. */
export function editedInTheMiddle(text: string, typed: string): string {
  const line = text.indexOf('\nRewriteRule ', text.length >> 1);
  const at = text.indexOf('topic-', line) + 'topic-'.length;
  return text.slice(0, at) + typed + text.slice(at);
}

/** `count` files: those of the fixtures, then seeded variations of them. */
export function realisticTexts(count: number, seed: number): string[] {
  const random = new Random(seed);
  const texts = realisticFiles().map(({ text }) => text);
  return Array.from({ length: count }, (_, at) => texts[at] ?? varied(random.pick(texts), random));
}

const WORDS = [
  'shop',
  'news',
  'archive',
  'forum',
  'gallery',
  'contact',
  'download',
  'account',
  'search',
  'feed',
];

/** Some lines left out, doubled or moved, some words replaced: other files of the same kind, a few of them wrong. */
function varied(text: string, random: Random): string {
  const lines = text.split('\n').flatMap((line) => {
    if (/^\s*<|\\$/.test(line)) return [line];
    if (random.chance(0.04)) return [];
    const written = random.chance(0.3) ? replacedWord(line, random) : line;
    return random.chance(0.05) ? [written, line] : [written];
  });
  return lines.join('\n');
}

/** Another word in the place of a lower-case one that follows a delimiter of paths and patterns. */
function replacedWord(line: string, random: Random): string {
  const word = `${random.pick(WORDS)}${random.below(1000)}`;
  return line.replace(/(?<=[\^/(=|])[a-z]{4,}(?=[\s/)|.$-])/, word);
}
