import type { Random } from '../random';
import { conditionLine, ruleLine } from '../rewrite';
import type { ValueMaker } from './index';

// prettier-ignore
const FLAG_NAMES = [
  'L', 'last', 'R', 'redirect', 'F', 'G', 'NC', 'nocase', 'QSA', 'QSD', 'QSL', 'END', 'PT', 'passthrough', 'P', 'proxy', 'C', 'chain', 'S', 'skip', 'N', 'next', 'NE', 'noescape', 'NS', 'nosubreq', 'E', 'env', 'CO', 'cookie', 'T', 'type', 'H', 'handler', 'DPI', 'discardpath',
  'B', 'BNP', 'BNE', 'BCTLS', 'backrefescaping', 'backrefernoplus', 'escapebackrefs', 'UnsafeAllow3F', 'UnsafePrefixStat', 'UNC', 'unc', 'D', 'DX', 'd', 'X', '', 'l', 'Rx', 'forbidden', 'gone', 'qsappend', 'qsdiscard', 'qslast', 'NV', 'OR', 'ornext', 'novary', 'EN', 'HX', 'LAST ', ' L', 'b', 'bn', 'u', 'un', 'Z',
];

// prettier-ignore
const FLAG_VALUES = [
  '301', '302', '303', '307', '308', '300', '304', '305', '306', '310', '399', '400', '401', '404', '410', '418', '425', '451', '499', '500', '511', '100', '101', '103', '200', '204', '226', '099', '0301', '301a', 'a301', '-301', '+301', '4294967597', 'permanent', 'temp', 'seeother', 'Permanent', 'gone', '',
  'A:b', '!A', 'x', '1', '-1', '0', '99999999999', 'a:b:c', '=', 'a=b', ' ?', '"', "'", '[', ']', '$1', '%{X}', 'a b', '\\,', 'text/html', '/', ':', 'é',
];

const flag = (random: Random): string =>
  random.pick(FLAG_NAMES) + (random.chance(0.4) ? `=${random.pick(FLAG_VALUES)}` : '');

function flags(random: Random): string {
  const list = random
    .times(random.below(4), () => flag(random))
    .join(random.pick([',', ',', ',', ', ', ' ,', ',,', ' ']));
  const whole = random.maybe(0.96, '[') + list + random.maybe(0.96, ']');
  return random
    .weighted([
      { weight: 6, make: () => whole },
      { weight: 3, make: () => `"${whole}"` },
      { weight: 1, make: () => `'${whole}'` },
      { weight: 1, make: () => whole.replaceAll(' ', '\\ ') },
    ])
    .make();
}

// prettier-ignore
const REGEXES = [
  '^', '^(.*)$', '.', '!^a', '!', '!!a', '(', '[', '*', '+', 'a{2,1}', '(?<n>a)', '(?<n>a)(?<n>b)', '(?i)a', '\\', 'a\\', '\\ ', 'x\\ y', '"a b"', "'a b'", '"', '"a', "'", 'a"b', '(?P<a>x)', '\\1', '(a)\\2', '[z-a]', '[[:alpha:]]', '[[:foo:]]', '\\p{L}', '\\p{Foo}', 'a**', '(?=', '\\Q(', '\\x{100}', '(?:', ')', '^/', '\\/', 'é', '$', '""', "''", '-', '%', '\t',
];

// prettier-ignore
const TESTS = [
  '-f', '-d', '-s', '-l', '-x', '-F', '-U', '-L', '-h', '!-f', '-z', '-ff', '-', '!-', '!', '!!-f', '-lt', '-lt5', '!-lt5', '-le', '-eq1', '-ne', '-ne0', '-gex', '-gtx', '=', '=a', '!=a', '==a', '<', '<a', '<=', '<=a', '>', '>a', '>=', '>=a', '=""', '!=""', '""', '"=a b"', "'!=a b'", '"-f"', '"!-f"', '"=', '=\\ ',
];

// prettier-ignore
const EXPRESSIONS = [
  '"true"', 'true', '"%{REQUEST_URI} =~ m#x#"', '"("', '""', '"%{NOTHING} == \'\'"', '"file(\'/x\') == \'\'"', '"-f \'/x\'"', '!true', '"!true"', '"%{REQUEST_URI} -in {\'a\'}"', '"%{REQUEST_URI} in {\'a\'}"', '"a"', '"1 -eq 1"', '"tolower(\'A\') == \'a\'"', '"foo(\'A\') == \'a\'"', '"reqenv(\'A\')"', '"%{HTTP:X} =~ /(/"', '"-X \'a\'"', '"\'a\' == \'b"', '"true &&"', '"=a"', '"-f"', '"true #"',
];

// prettier-ignore
const INPUTS = ['%{REQUEST_URI}', '%{REQUEST_FILENAME}', '$1', '%1', '%{NOTHING}', '%{', '${map:x}', '"a b"', "'a b'", 'a\\ b', '""', '-', 'x', '%{LA-U:REMOTE_USER}', '%{HTTP:X}', '"a', 'expr', 'EXPR', '"expr"'];

const SUBSTITUTIONS = ['-', '/x', 'x?', '?', 'x?y?', '"a b"', "'a b'", 'a\\ b', '""', '$1', '%{REQUEST_URI}', '"-"', 'http://x/', 'x\\', '"x', '#', '-x', '\\ ', '%']; // prettier-ignore

function rule(random: Random): string {
  if (random.chance(0.3)) return ruleLine(random).slice('RewriteRule '.length);
  const parts = [random.pick(REGEXES), random.pick(SUBSTITUTIONS), flags(random)];
  return spoiled(random, parts);
}

function condition(random: Random): string {
  if (random.chance(0.3)) return conditionLine(random).slice('RewriteCond '.length);
  const isExpr = random.chance(0.25);
  const input = isExpr ? random.pick(['expr', 'Expr', 'EXPR', '"expr"']) : random.pick(INPUTS);
  const pattern = isExpr ? random.pick(EXPRESSIONS) : random.pick(random.chance(0.6) ? TESTS : REGEXES);
  const last = random.chance(0.5)
    ? random.pick([
        '[NC]',
        '[OR]',
        '[NC,OR]',
        '[nv]',
        '[nocase]',
        '[ornext]',
        '[novary]',
        '[NC OR]',
        '"[NC, OR]"',
        '[NC',
        'NC]',
        '[]',
        '[X]',
        '[L]',
        '[NC=1]',
        '[,]',
        '[NC,,OR]',
        'NC',
        '# x',
        '[nc] x',
      ])
    : flags(random);
  return spoiled(random, [input, pattern, last]);
}

/** The words as a line; now and then one less, one more, or another blank. */
function spoiled(random: Random, parts: readonly string[]): string {
  const count = random.chance(0.15) ? random.below(4) : random.pick([2, 3, 3]);
  const extra = random.maybe(0.05, random.pick([' # x', ' x', ' [L]', '"', ' \\']));
  return parts.slice(0, count).join(random.pick([' ', ' ', ' ', '  ', '\t', ''])) + extra;
}

/** Makers for mod_rewrite's directives. */
export const REWRITE_VALUES: Readonly<Record<string, ValueMaker>> = {
  RewriteRule: rule,
  RewriteCond: condition,
  RewriteBase: (random) =>
    random.pick(['/', '/a', 'a', '"/a b"', 'http://x/', '""', '/ /', '%{ENV:X}', '//']),
  RewriteOptions: (random) =>
    random
      .times(1 + random.below(3), () =>
        random.pick([
          'Inherit',
          'inheritbefore',
          'InheritDown',
          'InheritDownBefore',
          'IgnoreInherit',
          'AllowNoSlash',
          'AllowAnyURI',
          'MergeBase',
          'IgnoreContextInfo',
          'LegacyPrefixDocRoot',
          'UnsafePrefixStat',
          'MaxRedirects=3',
          'MaxRedirects',
          'x',
          '""',
          '"Inherit MergeBase"',
          '" "',
          '"Inherit "',
          'LongURLOptimization',
          'UnsafeAllow3F',
        ]),
      )
      .join(' '),
};
