/**
 * The tree of a pattern. Every node knows where it stands in the pattern: `start` and `end` are byte offsets, `end` is behind the node.
 * Options that change within a pattern ((?i) and friends) are resolved: each node carries what applies to it.
 */

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Characters that stand for themselves; escapes are resolved in `text`. */
export interface Literal extends Span {
  readonly kind: 'literal';
  readonly text: string;
  readonly caseless: boolean;
}

/** `.`; without `dotAll` it does not match a newline. `\N` is the same without dotAll, `\C` with. */
export interface Dot extends Span {
  readonly kind: 'dot';
  readonly dotAll: boolean;
}

/** `\d \D \s \S \w \W \h \H \v \V`. */
export type TypeName = 'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'h' | 'H' | 'v' | 'V';

export interface CharacterType extends Span {
  readonly kind: 'type';
  readonly type: TypeName;
}

/** `\p{name}`, `\P{name}`, `\p{^name}`; `name` in PCRE2's loose form. */
export interface PropertyEscape extends Span {
  readonly kind: 'property';
  readonly name: string;
  readonly negated: boolean;
}

/** `[:name:]` or `[:^name:]`. */
export interface PosixClass extends Span {
  readonly kind: 'posix';
  readonly name: string;
  readonly negated: boolean;
}

/** `from`-`to` in a class; a single character has both the same. */
export interface ClassRange extends Span {
  readonly kind: 'range';
  readonly from: number;
  readonly to: number;
}

export type ClassItem = ClassRange | CharacterType | PosixClass | PropertyEscape;

/** `[...]`. */
export interface CharacterClass extends Span {
  readonly kind: 'class';
  readonly negated: boolean;
  readonly items: readonly ClassItem[];
  readonly caseless: boolean;
}

/** `\R`, any newline, or `\X`, an extended grapheme cluster. */
export interface Cluster extends Span {
  readonly kind: 'cluster';
  readonly type: 'R' | 'X';
}

/** What holds at a position: `^ $ \A \z \Z \G \b \B`, and `\K`, which sets the start of the match. */
export interface Anchor extends Span {
  readonly kind: 'anchor';
  readonly type: '^' | '$' | 'A' | 'z' | 'Z' | 'G' | 'b' | 'B' | 'K';
  readonly multiline: boolean;
}

export type GroupType =
  | 'plain'
  | 'capture'
  | 'atomic'
  | 'lookahead'
  | 'negativeLookahead'
  | 'lookbehind'
  | 'negativeLookbehind'
  | 'nonAtomicLookahead'
  | 'nonAtomicLookbehind'
  | 'scriptRun'
  | 'atomicScriptRun';

export interface Group extends Span {
  readonly kind: 'group';
  readonly type: GroupType;
  /** Number of a capturing group, else 0. */
  readonly number: number;
  readonly name: string | undefined;
  readonly alternatives: readonly (readonly Node[])[];
  /** For a lookbehind: what PCRE2 gives as offset when its length is not fixed. */
  readonly errorOffset: number;
}

/** What a conditional group asks. `offset` is where PCRE2 points when the reference is wrong. */
export type Condition =
  | { readonly kind: 'number'; readonly number: number; readonly offset: number }
  | { readonly kind: 'name'; readonly name: string; readonly offset: number }
  | { readonly kind: 'recursionName'; readonly name: string; readonly offset: number }
  /** (?(R1): a group of that name, or else recursion into that number; (?(R) is any recursion. */
  | { readonly kind: 'recursionNumber'; readonly name: string; readonly offset: number }
  | { readonly kind: 'define'; readonly offset: number }
  | { readonly kind: 'version'; readonly holds: boolean }
  | { readonly kind: 'assertion'; readonly assertion: Group; readonly callout: Callout | undefined };

export interface Conditional extends Span {
  readonly kind: 'conditional';
  readonly condition: Condition;
  readonly alternatives: readonly (readonly Node[])[];
}

/** `\1 \g{-1} \k<name> (?P=name)`: `number` is 0 when the reference is by name. */
export interface Backreference extends Span {
  readonly kind: 'backreference';
  readonly number: number;
  readonly name: string | undefined;
  readonly caseless: boolean;
  readonly offset: number;
}

/** `(?R) (?1) (?&name) \g<1>`: number 0 is the whole pattern. */
export interface Call extends Span {
  readonly kind: 'call';
  readonly number: number;
  readonly name: string | undefined;
  readonly offset: number;
}

export type VerbName = 'MARK' | 'ACCEPT' | 'FAIL' | 'COMMIT' | 'PRUNE' | 'SKIP' | 'THEN';

/** `(*COMMIT)` and friends. */
export interface Verb extends Span {
  readonly kind: 'verb';
  readonly verb: VerbName;
  readonly argument: string | undefined;
}

/** `(?C1)` or `(?C"text")`; nothing happens there under Apache. `stringLength` counts both delimiters. */
export interface Callout extends Span {
  readonly kind: 'callout';
  readonly stringLength: number;
  readonly offset: number;
}

/** An item with its quantifier. `max` is Infinity when there is no limit. */
export interface Quantified extends Span {
  readonly kind: 'quantified';
  readonly item: Node;
  readonly min: number;
  readonly max: number;
  readonly mode: 'greedy' | 'lazy' | 'possessive';
  /** Where the quantifier itself starts. */
  readonly quantifierStart: number;
}

/** `(?i)`, `(?-x)`, ...: letters as written. They hold to the end of the group. */
export interface OptionSetting extends Span {
  readonly kind: 'options';
  readonly letters: string;
}

/** `(?#...)`, and `#...` under the option x. */
export interface Comment extends Span {
  readonly kind: 'comment';
}

export type Node =
  | Literal
  | Dot
  | CharacterType
  | PropertyEscape
  | CharacterClass
  | Cluster
  | Anchor
  | Group
  | Conditional
  | Backreference
  | Call
  | Verb
  | Callout
  | Quantified
  | OptionSetting
  | Comment;

export type NewlineConvention = 'CR' | 'LF' | 'CRLF' | 'ANY' | 'ANYCRLF' | 'NUL';

/** What the items at the very start of a pattern set: (*UTF), (*CRLF), (*LIMIT_MATCH=...) and so on. */
export interface StartSettings {
  utf: boolean;
  ucp: boolean;
  notEmpty: boolean;
  notEmptyAtStart: boolean;
  noAutoPossess: boolean;
  noDotStarAnchor: boolean;
  noStartOptimize: boolean;
  heapLimit: number;
  matchLimit: number;
  depthLimit: number;
  newline: NewlineConvention;
  bsrAnyCrlf: boolean;
}

/** A parsed pattern. */
export interface Pattern {
  readonly source: string;
  readonly settings: StartSettings;
  /** Where the pattern proper starts, behind items like (*UTF). */
  readonly bodyStart: number;
  readonly alternatives: readonly (readonly Node[])[];
  readonly groupCount: number;
  /** Group names with their numbers, in order of appearance. */
  readonly names: ReadonlyMap<string, readonly number[]>;
  readonly features: PatternFeatures;
}

/** What occurs in a pattern; lets the later phases skip work. */
export interface PatternFeatures {
  lookbehind: boolean;
  /** References, calls, conditions, \K: things that are checked once the whole pattern is known. */
  reference: boolean;
  /** A group or call with a counted quantifier, so that the compiled size can be far more than the pattern's. */
  countedGroup: boolean;
  /** (?|...), where one number can belong to several groups. */
  branchReset: boolean;
  conditional: boolean;
  verb: boolean;
  /** Quantified single characters that can match a varying number of them. */
  loops: number;
  /** Quantified groups, references and calls that can repeat. */
  groupLoops: number;
  /** How many ways lead through the alternatives and optional items, at most. */
  choices: number;
}
