/** How a shell pattern is matched: APR_FNM_PATHNAME, APR_FNM_CASE_BLIND, APR_FNM_PERIOD and APR_FNM_NOESCAPE. */
export interface FnmatchOptions {
  /** `/` in the subject is only matched by `/` in the pattern. */
  readonly pathname?: boolean;
  readonly caseless?: boolean;
  /** A leading dot (of each segment, with `pathname`) is only matched by a dot in the pattern. */
  readonly period?: boolean;
  /** Backslash is an ordinary byte. */
  readonly noEscape?: boolean;
}

/** The pattern of one path segment, and whether it begins with a dot. */
interface Segment {
  readonly atoms: Atom[];
  readonly isDotted: boolean;
}

/** What one position of a pattern stands for. */
type Atom = 'star' | ((byte: number) => boolean);

/**
 * apr_fnmatch: `*`, `?`, `[a-z]`, `[!a]`, `[^a]` and backslash over a byte string. An unclosed bracket is a literal `[`.
 * Ranges compare signed bytes, as APR built for x86 does, so that `[a-\xff]` matches nothing.
 */
export function fnmatch(pattern: string, subject: string, options: FnmatchOptions = {}): boolean {
  const segments = new PatternReader(pattern, options).segments();
  const parts = options.pathname ? subject.split('/') : [subject];
  return (
    parts.length === segments.length &&
    segments.every(({ atoms, isDotted }, at) => {
      const part = parts[at] ?? '';
      const isHidden = options.period === true && part.startsWith('.') && !isDotted;
      return !isHidden && matches(atoms, part);
    })
  );
}

/** True when a text holds a wildcard, as apr_fnmatch_test sees it: `*`, `?`, or `]` somewhere behind a `[`. */
export function hasWildcard(pattern: string): boolean {
  let open = false;
  for (let at = 0; at < pattern.length; at++) {
    const byte = pattern[at];
    if (byte === '*' || byte === '?' || (byte === ']' && open)) return true;
    if (byte === '[') open = true;
    if (byte === '\\') at++;
  }
  return false;
}

/** Between stars every atom takes one byte, so the leftmost place for each run of atoms is always right. */
function matches(atoms: readonly Atom[], text: string): boolean {
  let atAtom = 0;
  let atText = 0;
  let retryAtom = -1;
  let retryText = 0;
  while (atText < text.length || atAtom < atoms.length) {
    const atom = atoms[atAtom];
    if (atom === 'star') {
      retryAtom = ++atAtom;
      retryText = atText;
    } else if (atom && atText < text.length && atom(text.charCodeAt(atText))) {
      atAtom++;
      atText++;
    } else if (retryAtom >= 0 && retryText < text.length) {
      atAtom = retryAtom;
      atText = ++retryText;
    } else return false;
  }
  return true;
}

class PatternReader {
  readonly #pattern: string;
  readonly #options: FnmatchOptions;
  readonly #escape: string;
  #at = 0;

  constructor(pattern: string, options: FnmatchOptions) {
    this.#pattern = pattern;
    this.#options = options;
    this.#escape = options.noEscape ? '' : '\\';
  }

  segments(): Segment[] {
    const segments = [this.#newSegment()];
    while (this.#at < this.#pattern.length) {
      if (this.#takeSlash()) segments.push(this.#newSegment());
      else segments.at(-1)?.atoms.push(this.#atom());
    }
    return segments;
  }

  #newSegment(): Segment {
    const dot = this.#escape !== '' && this.#pattern[this.#at] === this.#escape ? this.#at + 1 : this.#at;
    return { atoms: [], isDotted: this.#pattern[dot] === '.' };
  }

  #takeSlash(): boolean {
    if (!this.#options.pathname) return false;
    const length = this.#slashLength(this.#at);
    this.#at += length;
    return length > 0;
  }

  #slashLength(at: number): number {
    if (this.#pattern[at] === '/') return 1;
    return this.#escape !== '' && this.#pattern.startsWith('\\/', at) ? 2 : 0;
  }

  #atom(): Atom {
    const byte = this.#pattern[this.#at];
    if (byte === '[') {
      const bracket = this.#bracket(this.#at + 1);
      if (bracket) return bracket;
    }
    if (byte === this.#escape && this.#at + 1 < this.#pattern.length) this.#at++;
    const literal = this.#pattern.charCodeAt(this.#at++);
    if (byte === '*') return 'star';
    return byte === '?' ? () => true : this.#range(literal, literal);
  }

  /** A whole `[…]`; undefined, with nothing taken, when it is not closed (in its path segment). */
  #bracket(from: number): Atom | undefined {
    const negated = this.#pattern[from] === '!' || this.#pattern[from] === '^';
    const first = negated ? from + 1 : from;
    const ranges: ((byte: number) => boolean)[] = [];
    for (let at = first; at < this.#pattern.length;) {
      if (this.#pattern[at] === ']' && at > first) {
        this.#at = at + 1;
        return (byte) => ranges.some((isIn) => isIn(byte)) !== negated;
      }
      if (this.#pattern[at] === this.#escape && at + 1 >= this.#pattern.length) return undefined;
      const start = this.#pattern[at] === this.#escape ? at + 1 : at;
      const end = this.#rangeEnd(start);
      if (this.#isOutside(start) || this.#isOutside(end)) return undefined;
      ranges.push(this.#range(this.#pattern.charCodeAt(start), this.#pattern.charCodeAt(end)));
      at = end + 1;
    }
    return undefined;
  }

  /** Where the last byte of `a-z` stands, or `start` itself for a single byte. */
  #rangeEnd(start: number): number {
    if (this.#pattern[start + 1] !== '-' || this.#pattern[start + 2] === ']') return start;
    return this.#pattern[start + 2] === this.#escape ? start + 3 : start + 2;
  }

  #isOutside(at: number): boolean {
    return at >= this.#pattern.length || (this.#options.pathname === true && this.#pattern[at] === '/');
  }

  #range(first: number, last: number): (byte: number) => boolean {
    const [low, high] = [signed(first), signed(last)];
    if (!this.#options.caseless) return (byte) => signed(byte) >= low && signed(byte) <= high;
    const anyUpper = isUpper(low) || isUpper(high);
    return (byte) => {
      const own = signed(byte);
      if (own >= low && own <= high) return true;
      return (anyUpper || isUpper(own)) && lower(own) >= lower(low) && lower(own) <= lower(high);
    };
  }
}

function signed(byte: number): number {
  return byte > 127 ? byte - 256 : byte;
}

function isUpper(byte: number): boolean {
  return byte >= 65 && byte <= 90;
}

function lower(byte: number): number {
  return isUpper(byte) ? byte + 32 : byte;
}
