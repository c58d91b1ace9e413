import type { DirConfig } from '../apache/config/dirConfig';
import type { Verdict } from '../apache/config/judge';
import type { HostProfile } from '../apache/host';
import { APACHE_REGEX, parseRegex, type Pattern } from '../apache/regex';
import type { Site } from '../apache/site';
import { sourceOffset } from '../apache/syntax/lines';
import { parse, type HtaccessTree } from '../apache/syntax/tree';
import { LineIndex, type Span } from '../text/lines';
import type { ActiveDirective, Scope } from './directives';
import { Probes } from './probes';
import { readActive, type FoundExpression, type FoundPattern } from './read';
import { rewriteScopes, type ConditionFacts, type RewriteScope, type RuleFacts } from './rewriteScopes';

/** What a rule may ask about the surroundings of the file. */
export interface AdviceSurroundings {
  readonly host: HostProfile;
  /** The files around it; absent when only the text is known. */
  readonly site: Site | undefined;
  /** Absolute path on the server of the folder, with a slash at its end. */
  readonly directory: string;
  /** Absolute path on the server of the folder that visitors see as `/`; no slash at its end. */
  readonly documentRoot: string;
}

/** A .htaccess as the rules see it: parsed and carried out once, everything else when it is first asked for. */
export class AdviceFile implements AdviceSurroundings {
  readonly source: string;
  readonly host: HostProfile;
  readonly site: Site | undefined;
  readonly directory: string;
  readonly documentRoot: string;
  readonly tree: HtaccessTree;
  readonly verdict: Verdict;
  readonly config: DirConfig;
  /** The directives that this host carries out, in the order of the file; those of sections that it skips are missing. */
  readonly directives: readonly ActiveDirective[];
  /** The folder itself first, then the sections with a configuration of their own. */
  readonly scopes: readonly Scope[];
  readonly expressions: readonly FoundExpression[];
  readonly #lines: LineIndex;
  readonly #patterns: readonly FoundPattern[];
  readonly #trees = new Map<string, Pattern>();
  #rewrite: readonly RewriteScope[] | undefined;
  #regexes: readonly FoundPattern[] | undefined;
  #probes: Probes | undefined;

  constructor(source: string, surroundings: AdviceSurroundings) {
    this.source = source;
    this.host = surroundings.host;
    this.site = surroundings.site;
    this.directory = surroundings.directory;
    this.documentRoot = surroundings.documentRoot;
    this.tree = parse(source);
    this.#lines = new LineIndex(source);
    const read = readActive(source, this.tree, surroundings);
    this.verdict = read.verdict;
    this.config = read.config;
    this.directives = read.directives;
    this.scopes = read.scopes;
    this.expressions = read.expressions;
    this.#patterns = read.patterns;
  }

  /** What mod_rewrite knows in each scope that has a directive of it. */
  get rewrite(): readonly RewriteScope[] {
    return (this.#rewrite ??= rewriteScopes(this.scopes, this));
  }

  /** Every regular expression of the file, in its order. */
  get regexes(): readonly FoundPattern[] {
    return (this.#regexes ??= this.#collectRegexes());
  }

  /** mod_rewrite compiles a line once and keeps what it made of it: its patterns do not come along each time. */
  #collectRegexes(): readonly FoundPattern[] {
    const others = this.#patterns.filter(({ directive }) => !COMPILED_ONCE.has(directive.name));
    const rules = this.rewrite.flatMap((scope) => [
      ...scope.rules.flatMap(patternsOf),
      ...scope.dangling.flatMap(patternOf),
    ]);
    return [...others, ...rules].sort((one, other) => one.directive.line.start - other.directive.line.start);
  }

  /** Requests that were tried on the file. */
  get probes(): Probes {
    return (this.#probes ??= new Probes(this));
  }

  /** The URL path of the folder, with a slash at both ends. */
  get urlPath(): string {
    const inside = this.directory.startsWith(`${this.documentRoot}/`);
    return inside ? this.directory.slice(this.documentRoot.length) : '/';
  }

  /** 1-based number of the physical line of an offset. */
  lineOf(offset: number): number {
    return this.#lines.positionAt(offset).line + 1;
  }

  /** The tree of a pattern, as Apache compiles it. */
  pattern(text: string): Pattern {
    let known = this.#trees.get(text);
    if (known === undefined) this.#trees.set(text, (known = parseRegex(text, APACHE_REGEX).ast));
    return known;
  }

  /** Where [from, to) of a directive's arguments stand in the source; the whole directive where `${…}` was replaced in it. */
  spanOf(directive: ActiveDirective, from: number, to: number): Span {
    const { line, argumentsAt, isLiteral } = directive;
    if (!isLiteral) return this.wholeOf(directive);
    return this.#span(
      directive,
      argumentsAt + from,
      Math.max(argumentsAt + from, Math.min(argumentsAt + to, line.text.length)),
    );
  }

  /** The name of a directive, as it stands in the source. */
  nameOf(directive: ActiveDirective): Span {
    return this.#span(directive, 0, directive.nameLength);
  }

  /** A directive without the blanks around it; all physical lines of a continued one. */
  wholeOf(directive: ActiveDirective): Span {
    return this.#span(directive, 0, directive.line.text.length);
  }

  #span({ line }: ActiveDirective, from: number, to: number): Span {
    const start = sourceOffset(line, from);
    return { start, end: to > from ? sourceOffset(line, to - 1) + 1 : start };
  }

  /** The blanks before a directive: what a line put before it begins with. */
  indentOf(directive: ActiveDirective): string {
    const { start } = this.wholeOf(directive);
    return this.source.slice(directive.line.start, start).replaceAll(/[^ \t]/g, '');
  }

  /** The line end that the file uses. */
  get lineEnd(): string {
    const first = this.source.indexOf('\n');
    return first > 0 && this.source[first - 1] === '\r' ? '\r\n' : '\n';
  }
}

const COMPILED_ONCE: ReadonlySet<string> = new Set(['rewriterule', 'rewritecond']);

function patternsOf({ directive, rule, conditions }: RuleFacts): FoundPattern[] {
  const { pattern, regex } = rule;
  return [...conditions.flatMap(patternOf), { directive, pattern, regex }];
}

function patternOf({ directive, condition }: ConditionFacts): FoundPattern[] {
  const { pattern, test } = condition;
  return test.kind === 'regex' ? [{ directive, pattern, regex: test.regex }] : [];
}
