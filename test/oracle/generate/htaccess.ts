import { bytesOf, byteStringOfText } from '../../../src/text/bytes';
import { Random } from './random';

/** What the generator must know of a directive. */
export interface DirectiveFacts {
  /** With its `<` for a section. */
  readonly name: string;
  /** Kind of arguments as in Apache's command table: `TAKE1`, `FLAG`, `RAW_ARGS` … */
  readonly args: string;
}

/** What the texts are made of. */
export interface HtaccessMaterial {
  readonly directives: readonly DirectiveFacts[];
  /** Whole files to take lines from and to spoil. */
  readonly samples: readonly string[];
}

type Strategy = { readonly weight: number; readonly make: (random: Random, from: Prepared) => string };

interface Prepared extends HtaccessMaterial {
  readonly plain: readonly DirectiveFacts[];
  readonly sections: readonly DirectiveFacts[];
  /** Lines of the samples that are neither empty nor comments. */
  readonly lines: readonly string[];
}

/**
 * An endless sequence of .htaccess texts as bytes: right ones, nearly right ones, and noise. The same seed and material
 * give the same sequence. The texts are for a parser or a judge; they are not meant to serve a site.
 */
export function* htaccessTexts(seed: number, material: HtaccessMaterial): Generator<Uint8Array> {
  const random = new Random(seed);
  const from = prepare(material);
  for (;;) {
    const text = random.weighted(STRATEGIES).make(random, from);
    yield bytesOf(random.chance(0.25) ? deform(random, text) : text);
  }
}

/** The first `count` texts of a sequence. */
export function takeHtaccessTexts(count: number, seed: number, material: HtaccessMaterial): Uint8Array[] {
  const texts = htaccessTexts(seed, material);
  return Array.from({ length: count }, () => texts.next().value as Uint8Array);
}

function prepare(material: HtaccessMaterial): Prepared {
  const samples = material.samples.map(byteStringOfText);
  return {
    ...material,
    samples,
    plain: material.directives.filter(({ name }) => !name.startsWith('<')),
    sections: material.directives.filter(({ name }) => name.startsWith('<')),
    lines: samples.flatMap((text) => text.split('\n')).filter((line) => /^\s*[^\s#]/.test(line)),
  };
}

const STRATEGIES: readonly Strategy[] = [
  { weight: 5, make: directiveLines },
  { weight: 5, make: spoiledSample },
  { weight: 2, make: mixedLines },
  { weight: 3, make: nestedSections },
  { weight: 1, make: byteNoise },
];

// ---- directives with right and wrong arguments ----

/** How many words each kind of arguments wants; RAW_ARGS and the like take any. */
const WANTED: Readonly<Record<string, readonly number[]>> = {
  NO_ARGS: [0],
  TAKE1: [1],
  FLAG: [1],
  ITERATE: [1, 2, 3],
  TAKE2: [2],
  ITERATE2: [2, 3],
  TAKE3: [3],
  TAKE12: [1, 2],
  TAKE13: [1, 3],
  TAKE23: [2, 3],
  TAKE123: [1, 2, 3],
  TAKE_ARGV: [1, 2, 3],
  RAW_ARGS: [1, 2, 3],
};

// prettier-ignore
const WORDS: readonly string[] = [
  'on', 'off', 'On', 'Off', 'yes', '0', '1', '-1', '60', '4294967296', '404', '301', 'none', 'None', 'All', 'default', 'env',
  '/', '/path', '/a b', 'index.html', 'http://www.example.test/', 'https://example.test/x?y=z', 'mailto:a@example.test',
  '*', '*.html', '.html', 'html', 'text/html', 'text/*', '*/*', 'image/svg+xml', 'utf-8', 'de', 'gzip', '^', '^(.*)$', '(', '[a-',
  '^/x(?=y)', '(?<n>a)', 'X-Name', 'Vary', 'set', 'unset', 'append', 'edit', 'always', 'env=x', 'env=!x', 'NAME=value', '!NAME', 'name',
  '+Indexes', '-Indexes', 'Indexes', 'ExecCGI', 'FollowSymLinks', '127.0.0.1', '10.0.0.0/8', '::1', '300.1.1.1', 'example.test', 'from',
  'all', 'granted', 'denied', 'valid-user', 'user', 'ip', 'not', 'expr', "%{REQUEST_URI} == '/'", '%{HTTP_HOST}', '%{', '$1', '${PATH}',
  '${NOTHING}', 'access', 'plus', '1', 'month', 'A3600', '"access plus 1 day"', 'Basic', 'Digest', 'file', 'GET', 'POST', 'FOO', '[L]', '[R=301,L]',
  '[X]', '-', '!-f', '""', '"a', "'a b'", '"a\\"b"', 'a\\', '#', '=', '<', '>', '\u00e9', 'd\u00fc', '-f', 'cgi-script', 'fcgid-script', 'mod_rewrite.c',
];

function word(random: Random): string {
  const plain = random.pick(WORDS);
  if (plain.includes(' ') && !plain.startsWith('"') && random.chance(0.7)) return `"${plain}"`;
  return random.chance(0.1) ? `"${plain}"` : plain;
}

/** Mostly as many as wanted, else one more, one fewer or none. */
function argumentCount(random: Random, facts: DirectiveFacts): number {
  const count = random.pick(WANTED[facts.args] ?? [1, 2, 3]);
  if (random.chance(0.75)) return count;
  return Math.max(0, count + random.pick([1, -1, 2, -count]));
}

function argumentsOf(random: Random, facts: DirectiveFacts): string {
  if (facts.args === 'FLAG' && random.chance(0.6)) return random.pick(['On', 'off', 'ON']);
  return random.times(argumentCount(random, facts), () => word(random)).join(random.maybe(0.1, ' ') + ' ');
}

function spelled(random: Random, name: string): string {
  if (random.chance(0.05)) return name.toLowerCase();
  if (random.chance(0.03)) return name.slice(0, -1);
  return random.chance(0.03) ? name.toUpperCase() : name;
}

function directiveLine(random: Random, from: Prepared): string {
  const facts = random.pick(from.plain);
  return `${random.maybe(0.2, '  ')}${spelled(random, facts.name)} ${argumentsOf(random, facts)}`;
}

function directiveLines(random: Random, from: Prepared): string {
  return random.times(1 + random.below(3), () => directiveLine(random, from)).join('\n') + '\n';
}

/** Right lines of the samples among random ones. */
function mixedLines(random: Random, from: Prepared): string {
  const line = (): string => (random.chance(0.7) ? random.pick(from.lines) : directiveLine(random, from));
  return random.times(1 + random.below(8), line).join('\n') + '\n';
}

// ---- sections ----

// prettier-ignore
const SECTION_ARGUMENTS: readonly string[] = [
  'x', '"x"', '~ "\\.php$"', '*.html', '"%{REQUEST_URI} == \'/\'"', '"true"', 'true', 'GET', 'GET POST', 'BREW', 'mod_rewrite.c', '!mod_rewrite.c',
  'rewrite_module', 'mod_none.c', 'NOTHING', '!NOTHING', '>= 2.4', '2.4.71', '', '/x', '^/x', '(', '"\\.(jpe?g)$"',
];

function nestedSections(random: Random, from: Prepared, depth = 0): string {
  const lines = random.times(1 + random.below(3), () => {
    if (depth < 4 && random.chance(0.6)) return section(random, from, depth);
    return random.chance(0.7) ? random.pick(from.lines) : directiveLine(random, from);
  });
  return lines.join('\n') + random.maybe(0.95, '\n');
}

function section(random: Random, from: Prepared, depth: number): string {
  const name = from.sections.length > 0 ? random.pick(from.sections).name.slice(1) : 'IfModule';
  const open = `<${name}${random.maybe(0.97, ' ')}${random.pick(SECTION_ARGUMENTS)}${random.maybe(0.97, '>')}`;
  const close = random.chance(0.9) ? name : random.pick(['Files', 'If', 'IfModule', name.toLowerCase()]);
  const inside = random.maybe(0.85, nestedSections(random, from, depth + 1));
  return `${open}${random.maybe(0.03, ' x')}\n${inside}${random.maybe(0.92, `</${close}>`)}${random.maybe(0.03, ' # end')}`;
}

// ---- spoiled files ----

function spoiledSample(random: Random, from: Prepared): string {
  const lines = random.pick(from.samples).split('\n');
  for (let left = random.below(4); left > 0; left--) {
    const at = random.below(lines.length);
    lines.splice(at, random.chance(0.8) ? 1 : 0, ...spoiledLine(random, from, lines[at] ?? ''));
  }
  return lines.join('\n');
}

function spoiledLine(random: Random, from: Prepared, line: string): string[] {
  const at = random.below(line.length + 1);
  const changes: (() => string[])[] = [
    () => [],
    () => [line, line],
    () => [line.slice(0, at) + line.slice(at + 1)],
    () => [
      line.slice(0, at) +
        random.pick(['"', "'", ' ', '\\', '[', ')', '<', '>', '%', '$', '#', ',', '!']) +
        line.slice(at),
    ],
    () => [line.slice(0, at)],
    () => [`${line} ${word(random)}`],
    () => [line.replace(/\S+$/, '')],
    () => [line.replace(/(?<=\s)\S+/, () => word(random))],
    () => [random.pick(from.lines), line],
    () => [line.replace(/\w/, (letter) => letter.toUpperCase() + letter)],
  ];
  return random.pick(changes)();
}

function byteNoise(random: Random): string {
  const byte = (): string =>
    String.fromCharCode(random.chance(0.6) ? 32 + random.below(95) : random.below(256));
  return random.times(random.below(60), byte).join('');
}

// ---- how the text lies in the file ----

const DEFORMATIONS: readonly ((random: Random, text: string) => string)[] = [
  (_random, text) => text.replaceAll('\n', '\r\n'),
  (_random, text) => text.replaceAll('\n', '\r'),
  (_random, text) => `\u00ef\u00bb\u00bf${text}`,
  (_random, text) => text.replace(/\n$/, ''),
  (_random, text) => text.replaceAll(' ', '\t'),
  (random, text) => replaceAt(text, random.below(text.length + 1), '\0'),
  (random, text) => replaceAt(text, random.below(text.length + 1), '\u00a0'),
  (random, text) => text.replaceAll(' ', () => (random.chance(0.2) ? '\\\n' : ' ')),
  (random, text) => text.replaceAll('\n', () => (random.chance(0.2) ? '\\\n' : '\n')),
  (random, text) => text.replaceAll('\n', () => (random.chance(0.1) ? ' \\ \n' : '\n')),
  (random, text) =>
    text.replace('\n', `${' '.repeat(8185 + random.below(12) - (text.indexOf('\n') % 8185))}\n`),
  (random, text) => `# ${'x'.repeat(8180 + random.below(16))}\n${text}`,
  (random, text) => text.replace(' ', ` ${'a'.repeat(8150 + random.below(60))}`),
];

function deform(random: Random, text: string): string {
  return random.pick(DEFORMATIONS)(random, text);
}

function replaceAt(text: string, at: number, insert: string): string {
  return text.slice(0, at) + insert + text.slice(at);
}
