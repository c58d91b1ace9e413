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

/** One way in which Apache compiles, with what was compiled so. */
class Compiler {
  readonly #options: RegexOptions;
  readonly #kept = new TextCache<Regex | 'refused'>();

  constructor(options: RegexOptions) {
    this.#options = options;
  }

  /** Undefined when PCRE refuses the pattern. */
  compile(pattern: string): Regex | undefined {
    const plain = compilePlain(pattern, this.#options);
    if (plain !== undefined) return plain;
    const found = this.#kept.get(pattern, this.#make);
    return found === 'refused' ? undefined : found;
  }

  readonly #make = (pattern: string): Regex | 'refused' => {
    const compiled = compileRegex(pattern, this.#options);
    return isRegexProblem(compiled) ? 'refused' : compiled;
  };
}

const SINCE_41 = {
  exact: new Compiler(APACHE_REGEX),
  caseless: new Compiler({ ...APACHE_REGEX, caseless: true }),
};
const BEFORE_41 = {
  exact: new Compiler({ duplicateNames: true }),
  caseless: new Compiler({ duplicateNames: true, caseless: true }),
};

/** A regular expression as the host's Apache compiles it: since 2.4.41 `.` takes a line end and `$` only the very end. Undefined when PCRE refuses it. */
export function compilePattern(host: HostProfile, pattern: string, caseless = false): Regex | undefined {
  const compilers = isAtLeast(host, 41) ? SINCE_41 : BEFORE_41;
  return (caseless ? compilers.caseless : compilers.exact).compile(pattern);
}
