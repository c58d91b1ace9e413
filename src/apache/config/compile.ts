import { isAtLeast, type HostProfile } from '../host';
import {
  APACHE_REGEX,
  compilePlain,
  compileRegex,
  isRegexProblem,
  type Regex,
  type RegexOptions,
} from '../regex';
import { TextCache } from './textCache';

/** One way in which Apache compiles. */
interface Compiler {
  readonly options: RegexOptions;
  readonly kept: TextCache<Regex | 'refused'>;
}

const compiler = (options: RegexOptions): Compiler => ({ options, kept: new TextCache() });

const SINCE_41 = { exact: compiler(APACHE_REGEX), caseless: compiler({ ...APACHE_REGEX, caseless: true }) };
const BEFORE_41 = {
  exact: compiler({ duplicateNames: true }),
  caseless: compiler({ duplicateNames: true, caseless: true }),
};

/** A regular expression as the host's Apache compiles it: since 2.4.41 `.` takes a line end and `$` only the very end. Undefined when PCRE refuses it. */
export function compilePattern(host: HostProfile, pattern: string, caseless = false): Regex | undefined {
  const { options, kept } = (isAtLeast(host, 41) ? SINCE_41 : BEFORE_41)[caseless ? 'caseless' : 'exact'];
  const plain = compilePlain(pattern, options);
  if (plain !== undefined) return plain;
  const found = kept.get(pattern, (own) => {
    const compiled = compileRegex(own, options);
    return isRegexProblem(compiled) ? 'refused' : compiled;
  });
  return found === 'refused' ? undefined : found;
}
