import { TreeBuilder } from '../apache/config/build';
import { CommandState } from '../apache/config/command';
import { DirConfig } from '../apache/config/dirConfig';
import type { ConfigDirective } from '../apache/config/directive';
import type { Verdict } from '../apache/config/judge';
import type { Expr, ExprPlace } from '../apache/expr';
import type { HostProfile } from '../apache/host';
import type { Regex } from '../apache/regex';
import type { Site } from '../apache/site';
import { LineReader, type LogicalLine } from '../apache/syntax/lines';
import type { HtaccessTree, Node } from '../apache/syntax/tree';
import { readWord } from '../apache/syntax/words';
import { scopeKind, type ActiveDirective, type Scope } from './directives';

/** An expression that a directive gave to Apache's parser. */
export interface FoundExpression {
  readonly directive: ActiveDirective;
  readonly place: ExprPlace;
  readonly text: string;
  /** Undefined where Apache refuses it. */
  readonly expr: Expr | undefined;
}

/** A regular expression that a directive had compiled. */
export interface FoundPattern {
  readonly directive: ActiveDirective;
  readonly pattern: string;
  readonly regex: Regex;
}

/** A file after this host has carried it out. */
export interface ActiveFile {
  readonly verdict: Verdict;
  readonly config: DirConfig;
  readonly directives: readonly ActiveDirective[];
  readonly scopes: readonly Scope[];
  readonly expressions: readonly FoundExpression[];
  readonly patterns: readonly FoundPattern[];
}

type Recorded<Found> = Omit<Found, 'directive'> & { readonly by: ConfigDirective };

/** Carries out a file as readHtaccess does, and notes the expressions and patterns that come along. */
class RecordingState extends CommandState {
  readonly expressions: Recorded<FoundExpression>[] = [];
  readonly patterns: Recorded<FoundPattern>[] = [];

  override parseExpr(place: ExprPlace, text: string): ReturnType<CommandState['parseExpr']> {
    const parsed = super.parseExpr(place, text);
    this.expressions.push({
      by: this.directive,
      place,
      text,
      expr: 'expr' in parsed ? parsed.expr : undefined,
    });
    return parsed;
  }

  override compile(...args: Parameters<CommandState['compile']>): Regex | undefined {
    const regex = super.compile(...args);
    if (regex !== undefined) this.patterns.push({ by: this.directive, pattern: args[0], regex });
    return regex;
  }
}

/** Reads a file in Apache's two phases. Nothing is active where the first one, the nesting of sections, already fails. */
export function readActive(
  source: string,
  tree: HtaccessTree,
  place: { readonly host: HostProfile; readonly site: Site | undefined; readonly directory: string },
): ActiveFile {
  const { host, directory, site } = place;
  const state = new RecordingState(host, { directory, ...(site === undefined ? {} : { site }) });
  const reader = new LineReader(source, '.htaccess', state.registry.memoryOf(directory, source));
  state.builder = new TreeBuilder(reader, state);
  const config = new DirConfig();
  const built = state.builder.build();
  const first = 'refusal' in built ? null : built.first;
  const message = 'refusal' in built ? built.refusal : state.carryOut(first, config);
  const errorLine = state.errorDirective?.line ?? ('refusal' in built ? reader.lineNumber : null);
  const collected = collect(first, linesByStart(tree));
  const found = <Item extends { readonly by: ConfigDirective }>(items: readonly Item[]) =>
    items.flatMap(({ by, ...rest }) => {
      const active = collected.byConfig.get(by);
      return active === undefined ? [] : [{ ...rest, directive: active }];
    });
  return {
    verdict:
      message === undefined
        ? { ok: true, line: null, message: null }
        : { ok: false, line: errorLine, message },
    config,
    directives: collected.directives,
    scopes: collected.scopes,
    expressions: found(state.expressions),
    patterns: found(state.patterns),
  };
}

/** Every directive and section of the syntax tree by the offset of its line. */
function linesByStart(tree: HtaccessTree): ReadonlyMap<number, LogicalLine> {
  const lines = new Map<number, LogicalLine>();
  const waiting: Node[] = [...tree.children];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    lines.set(node.line.start, node.line);
    if (node.kind === 'section') for (const child of node.children) waiting.push(child);
  }
  return lines;
}

interface Collected {
  readonly directives: ActiveDirective[];
  readonly scopes: Scope[];
  readonly byConfig: Map<ConfigDirective, ActiveDirective>;
}

interface Place {
  readonly at: ConfigDirective;
  readonly scope: Scope;
  readonly section: ActiveDirective | undefined;
}

/** Flattens Apache's tree in the order of the file. What a macro inserted has no place of its own and is left out. */
function collect(first: ConfigDirective | null, lines: ReadonlyMap<number, LogicalLine>): Collected {
  const root: Scope = { kind: 'directory', section: undefined, parent: undefined, directives: [] };
  const collected: Collected = { directives: [], scopes: [root], byConfig: new Map() };
  const waiting: Place[] = first === null ? [] : [{ at: first, scope: root, section: undefined }];
  const seen = new Set<number>();
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { at, scope, section } = place;
    if (at.next !== null) waiting.push({ at: at.next, scope, section });
    const line = lines.get(at.start);
    if (line === undefined || seen.has(at.start)) continue;
    seen.add(at.start);
    const active = activeDirective(at, { line, scope, section });
    collected.directives.push(active);
    collected.byConfig.set(at, active);
    scope.directives.push(active);
    if (at.firstChild === null && !active.name.startsWith('<')) continue;
    const kind = scopeKind(active.name);
    const inner = kind === undefined ? scope : { kind, section: active, parent: scope, directives: [] };
    if (inner !== scope) collected.scopes.push(inner);
    if (at.firstChild !== null) waiting.push({ at: at.firstChild, scope: inner, section: active });
  }
  return collected;
}

function activeDirective(
  at: ConfigDirective,
  { line, scope, section }: { line: LogicalLine; scope: Scope; section: ActiveDirective | undefined },
): ActiveDirective {
  const word = readWord(line.text, 0);
  const isSection = at.name.startsWith('<');
  const args = isSection && at.args.endsWith('>') ? at.args.slice(0, -1) : at.args;
  return {
    name: at.name.toLowerCase(),
    args,
    line,
    inTree: at,
    argumentsAt: word.next,
    nameLength: word.end,
    isLiteral: line.text.slice(word.next) === at.args,
    scope,
    section,
    facts: at.content.records?.[0]?.directive,
  };
}
