import type { TraceStep } from './outcome';
import { APACHE_REGEX, compileRegex, isRegexProblem } from '../regex';
import { readWords } from '../syntax/words';

/** What happened in one request of the chain. */
export interface RequestSteps {
  /** As mod_rewrite's log names it: `initial`, `initial/redir#1`, `subreq`. */
  readonly label: string;
  /** URL path and query that an internal redirect of a rule led to; undefined for other requests. */
  readonly url?: string;
  readonly events: readonly RequestEvent[];
}

/** A rule that was looked at, or another step. Texts are byte strings. */
export type RequestEvent = RuleEvent | NoteEvent;

/** A RewriteRule with what it was compared with and what came of it. */
export interface RuleEvent {
  readonly kind: 'rule';
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** As far as it is known with what is written around it: `!^static [NC]`. */
  readonly pattern: string;
  readonly subject: string;
  /** Undefined where neither the trace nor the file tells. */
  readonly matched: boolean | undefined;
  readonly conditions: readonly ConditionEvent[];
  readonly effects: readonly Effect[];
}

/** A RewriteCond of a rule. */
export interface ConditionEvent {
  /** With its flags: `!^/static [NC]`. */
  readonly test: string;
  readonly input: string;
  readonly met: boolean;
}

/** What a rule did: `rewritten to`, `variable`, `redirect to` … */
export interface Effect {
  readonly name: string;
  readonly text: string;
}

/** A step that is none of mod_rewrite's rules. */
export interface NoteEvent {
  readonly kind: 'note';
  readonly module: string;
  readonly text: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** Gives the text of a line (1-based) of a file of the server; empty where it is not known. */
export type LineOf = (file: string, line: number) => string;

/** The trace of an outcome, by requests and rules. */
export function stepsByRequest(trace: readonly TraceStep[], lineOf: LineOf): readonly RequestSteps[] {
  const reader = new TraceReader(lineOf);
  for (const step of trace) reader.add(step);
  return reader.requests();
}

interface RuleDraft extends RuleEvent {
  readonly conditions: ConditionEvent[];
  readonly effects: Effect[];
}

/** mod_rewrite's words for what a rule does, and ours. */
const EFFECTS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^rewrite '.*' -> '(.*)'$/s, 'rewritten to'],
  [/^split uri=.* -> uri=.*, args=(.*)$/s, 'query'],
  [/^(?:explicitly|implicitly) forcing redirect(?: \(rc=\d+\))? with (.*)$/s, 'redirect to'],
  [/^forcing responsecode (\d+)/, 'status'],
  [/^forcing proxy-throughput with (.*)$/s, 'proxy to'],
  [/^setting env variable '(.*)'$/s, 'variable'],
  [/^unsetting env variable '(.*)'$/s, 'no variable'],
  [/^setting cookie '(.*)'$/s, 'cookie'],
  [/^remember .* to have ((?:MIME-type|Content-handler) '.*')$/s, 'remembered'],
  [/^lookahead: (.*)$/s, 'look-ahead'],
  [/^RewriteCond (.*)$/s, 'checked'],
  [/^(Rule has END flag.*)$/s, 'END'],
];
/** What happens to all rules of a folder together, or prepares a comparison. */
const OF_FOLDER = /^(?:pass through |redirect to |go-ahead |initial URL equal |internal redirect |Declining)/;
const CONDITION = /^RewriteCond: input='(.*)' pattern='(.*)'( \[NC\])? => (not-)?matched$/s;
const RULE = /^applying pattern '(.*)' to uri '(.*)'$/s;

/** A request that is being read, with the rule that is at work in it. */
interface RequestDraft {
  readonly label: string;
  readonly url?: string;
  readonly events: RequestEvent[];
  rule: RuleDraft | undefined;
}

class TraceReader {
  readonly #requests: RequestDraft[] = [];
  readonly #lineOf: LineOf;
  #nextUrl: string | undefined;

  constructor(lineOf: LineOf) {
    this.#lineOf = lineOf;
  }

  requests(): readonly RequestSteps[] {
    return this.#requests.map(({ label, url, events }) => ({
      label,
      ...(url === undefined ? {} : { url }),
      events: events.map((event) => this.#decided(event)),
    }));
  }

  add(step: TraceStep): void {
    const request = this.#requestOf(step.request ?? 'initial');
    if (step.module === 'mod_rewrite') this.#addRewrite(step, request);
    else if (!isOfServer(step)) request.events.push(noteOf(step));
  }

  /** A subrequest interrupts the request that asked for it, which then goes on where it was. */
  #requestOf(label: string): RequestDraft {
    const last = this.#requests.at(-1);
    if (last?.label === label) return last;
    const isSubrequest = label.startsWith('subreq');
    const known = isSubrequest ? undefined : this.#requests.find((one) => one.label === label);
    if (known !== undefined) return known;
    const url = isSubrequest ? undefined : this.#nextUrl;
    if (!isSubrequest) this.#nextUrl = undefined;
    const begun = { label, ...(url === undefined ? {} : { url }), events: [], rule: undefined };
    this.#requests.push(begun);
    return begun;
  }

  #addRewrite(step: TraceStep, request: RequestDraft): void {
    const rule = RULE.exec(step.text);
    if (rule !== null) beginRule(request, step, { pattern: rule[1] ?? '', subject: rule[2] ?? '' });
    else if (OF_FOLDER.test(step.text)) this.#addFolderStep(step, request);
    else if (!addCondition(step.text, request)) addEffect(step, request);
  }

  /** The line of such a step is that of the last rule looked at, which says nothing: it is left out. */
  #addFolderStep({ module, text }: TraceStep, request: RequestDraft): void {
    request.rule = undefined;
    const url = /^internal redirect with (.*) \[INTERNAL REDIRECT\]$/s.exec(text)?.[1];
    if (url !== undefined) this.#nextUrl = url;
    else if (!text.startsWith('pass through ')) request.events.push(noteOf({ module, text }));
  }

  #decided(event: RequestEvent): RequestEvent {
    if (event.kind === 'note') return event;
    const written = writtenRule(event, this.#lineOf);
    const hasActed = event.conditions.length + event.effects.length > 0;
    const matched = hasActed ? true : written && patternMatches(event, written);
    return {
      ...event,
      matched,
      pattern: written === undefined ? event.pattern : patternWords(event, written),
    };
  }
}

/** The server's own `Require all granted` opens every request: only what a `.htaccess` grants, or what is denied, says something. */
function isOfServer({ module, text, line }: TraceStep): boolean {
  return module === 'mod_authz_core' && line === undefined && text.endsWith(': granted');
}

function noteOf({ module, text, file, line }: TraceStep): NoteEvent {
  return { kind: 'note', module, text, file, line };
}

function beginRule(
  request: RequestDraft,
  { file, line }: TraceStep,
  compared: { readonly pattern: string; readonly subject: string },
): void {
  request.rule = { kind: 'rule', file, line, ...compared, matched: undefined, conditions: [], effects: [] };
  request.events.push(request.rule);
}

function addCondition(text: string, { rule }: RequestDraft): boolean {
  const [all, input = '', pattern = '', flags = '', not] = CONDITION.exec(text) ?? [];
  if (all === undefined) return false;
  rule?.conditions.push({ test: pattern + flags, input, met: not === undefined });
  return true;
}

function addEffect(step: TraceStep, { rule, events }: RequestDraft): void {
  for (const [pattern, name] of EFFECTS) {
    const text = pattern.exec(step.text)?.[1];
    if (text === undefined) continue;
    const shown = name === 'variable' ? text.replace("' to '", '=') : text;
    if (rule === undefined) events.push(noteOf(step));
    else if (name !== 'query' || text !== '<none>') rule.effects.push({ name, text: shown });
    return;
  }
}

/** What the file says of a rule and the trace does not. */
interface WrittenRule {
  readonly isNegated: boolean;
  readonly caseless: boolean;
}

/** Undefined where the line is not the rule: a continued one, or a file that has changed. */
function writtenRule({ file, line, pattern }: RuleEvent, lineOf: LineOf): WrittenRule | undefined {
  const text = file === undefined || line === undefined ? '' : lineOf(file, line);
  const [name, written, , flags] = readWords(text).map((word) => word.value);
  const isNegated = written === `!${pattern}`;
  if (name?.toLowerCase() !== 'rewriterule' || (written !== pattern && !isNegated)) return undefined;
  return { isNegated, caseless: /[[,]\s*(?:NC|nocase)\s*[\],]/i.test(flags ?? '') };
}

const patternWords = ({ pattern }: RuleEvent, { isNegated, caseless }: WrittenRule): string =>
  `${isNegated ? '!' : ''}${pattern}${caseless ? ' [NC]' : ''}`;

/** A rule that matched and has nothing to do leaves no word in the trace: its pattern is tried once more. */
function patternMatches({ pattern, subject }: RuleEvent, written: WrittenRule): boolean | undefined {
  const regex = compileRegex(pattern, { ...APACHE_REGEX, caseless: written.caseless });
  if (isRegexProblem(regex)) return undefined;
  const match = regex.exec(subject);
  return (match !== null && match !== 'limit') !== written.isNegated;
}
