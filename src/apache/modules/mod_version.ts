import { defineModule, type Command, type Refusal } from './define';
import { leadingInteger } from './numbers';

const INVALID_VERSION =
  'Version appears to be invalid. It must have the format major[.minor[.patch]] where major, minor and patch are numbers.';

type Compared = { readonly difference: number } | { readonly refusal: string };

/** The host's version against `major[.minor[.patch]]`: negative, 0 or positive. */
function compareVersion(host: string, wanted: string): Compared {
  if (!/^\d+(\.\d*){0,2}\.?$/.test(wanted)) return { refusal: INVALID_VERSION };
  const own = host.split('.').map(Number);
  const other = wanted.split('.').map(leadingInteger);
  for (let at = 0; at < 3; at++) {
    const difference = (own[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return { difference };
  }
  return { difference: 0 };
}

type Matched = { readonly matches: boolean } | { readonly refusal: string };

function matchesRegex(cmd: Command, pattern: string): Matched {
  const regex = cmd.compile(pattern);
  if (regex === undefined) return { refusal: 'Unable to compile regular expression' };
  const found = regex.exec(cmd.host.apache);
  return { matches: found !== null && found !== 'limit' };
}

function matchesVersion(cmd: Command, operator: string, version: string): Matched {
  if (operator === '~') return matchesRegex(cmd, version);
  if (operator[0] === '=' && version.startsWith('/')) {
    return version.length > 1 && version.endsWith('/')
      ? matchesRegex(cmd, version.slice(1, -1))
      : { refusal: 'Missing delimiting / of regular expression.' };
  }
  const compared = compareVersion(cmd.host.apache, version);
  if ('refusal' in compared) return compared;
  const orEqual = operator.length > 1 && compared.difference === 0;
  if (operator[0] === '=') return { matches: compared.difference === 0 };
  return { matches: orEqual || (operator[0] === '<' ? compared.difference < 0 : compared.difference > 0) };
}

/** The operator, version and closing bracket, which may be words of their own or not (start_ifversion). */
function splitTest(
  cmd: Command,
  words: readonly [string, string | undefined, string | undefined],
): { readonly operator: string; readonly version: string } | { readonly refusal: string } {
  let [operator, version, bracket] = words;
  if (version === undefined) [operator, version] = ['=', operator];
  if (bracket === undefined && version === '>') [operator, version, bracket] = ['=', operator, '>'];
  if (version === '' || (bracket !== '>' && !version.endsWith('>'))) {
    return { refusal: `${cmd.name}> directive missing closing '>'` };
  }
  return { operator, version: bracket === '>' ? version : version.slice(0, -1) };
}

function ifVersion(
  cmd: Command,
  _config: unknown,
  first: string,
  second: string | undefined,
  third: string | undefined,
): Refusal {
  const test = splitTest(cmd, [first, second, third]);
  if ('refusal' in test) return test.refusal;
  const isNegated = test.operator.startsWith('!');
  const operator = isNegated && test.operator.length > 1 ? test.operator.slice(1) : test.operator;
  if (!/^(?:[=<>]=?|~)$/.test(operator)) return `unrecognized operator '${test.operator}'`;
  const matched = matchesVersion(cmd, operator, test.version);
  if ('refusal' in matched) return matched.refusal;
  return matched.matches === isNegated ? cmd.soakContainer() : cmd.buildContainer();
}

export const mod_version = defineModule({
  name: 'mod_version',
  directives: {
    '<IfVersion': {
      args: 'TAKE123',
      where: ['All'],
      execOnRead: true,
      help: 'a comparison operator, a version (and a delimiter)',
      summary: 'Keeps the directives inside where the version of Apache passes the test.',
      apply: ifVersion,
    },
  },
});
