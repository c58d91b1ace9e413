import type { Change, TraceEvent, TraceStep } from './trace';

/** What happened in one request of the chain. */
export interface RequestSteps {
  /** As mod_rewrite's log names it: `initial`, `initial/redir#1`, `subreq`. */
  readonly label: string;
  /** URL path and query that an internal redirect led to; undefined for other requests. */
  readonly url?: string;
  /** The .htaccess files that were read for it, outer folders first; absolute paths on the server. */
  readonly files: readonly string[];
  readonly events: readonly RequestEvent[];
}

/** A rule that was looked at, or another step. Texts are byte strings. */
export type RequestEvent = RuleEvent | NoteEvent;

/** A RewriteRule with what it was compared with and what came of it. */
export interface RuleEvent {
  readonly kind: 'rule';
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** With what is written around it: `!^static [NC]`. */
  readonly pattern: string;
  readonly subject: string;
  /** Undefined for a rule that was not tried. */
  readonly matched: boolean | undefined;
  readonly conditions: readonly ConditionEvent[];
  readonly effects: readonly Effect[];
  /** Why it was skipped, or what it does to the rules behind it. */
  readonly reason?: string;
}

/** A RewriteCond of a rule. */
export interface ConditionEvent {
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** With its flags: `%{REQUEST_URI} !^/static [NC]`. */
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

/** The trace of an outcome, by requests and rules. A subrequest interrupts the request that asked for it, which then goes on where it was. */
export function stepsByRequest(trace: readonly TraceStep[]): readonly RequestSteps[] {
  const byId = new Map<number, RequestReader>();
  for (const step of trace) {
    const id = step.requestId ?? 0;
    const reader = byId.get(id) ?? new RequestReader(step.request ?? 'initial');
    byId.set(id, reader);
    reader.add(step);
  }
  return Array.from(byId.values(), (reader) => reader.steps());
}

interface RuleDraft extends RuleEvent {
  readonly conditions: ConditionEvent[];
  readonly effects: Effect[];
  reason?: string;
}

class RequestReader {
  readonly #label: string;
  readonly #events: RequestEvent[] = [];
  readonly #files: string[] = [];
  #url: string | undefined;
  #rule: RuleDraft | undefined;

  constructor(label: string) {
    this.#label = label;
  }

  steps(): RequestSteps {
    const url = this.#url === undefined ? {} : { url: this.#url };
    return { label: this.#label, ...url, files: this.#files, events: this.#events };
  }

  add(step: TraceStep): void {
    const { event } = step;
    if (event === undefined) this.#addDetail(step);
    else if (event.result === 'begun') this.#begin(event);
    else if (event.result === 'read') this.#files.push(...(step.file === undefined ? [] : [step.file]));
    else if (event.directive === 'RewriteRule') this.#addRule(step, event);
    else if (event.directive === 'RewriteCond') this.#addCondition(step, event);
    else if (isTold(step, event)) this.#events.push(noteOf(step));
  }

  #begin({ changes }: TraceEvent): void {
    if (this.#label.includes('redir#')) this.#url = changes?.[0]?.after ?? undefined;
  }

  /** The words of a substitution are mod_rewrite's; errors are told, other details are not. */
  #addDetail(step: TraceStep): void {
    const written = /^rewrite '.*' -> '(.*)'$/s.exec(step.text)?.[1];
    if (step.level === undefined) this.#events.push(noteOf(step));
    else if (written !== undefined) this.#rule?.effects.push({ name: 'rewritten to', text: written });
  }

  #addRule({ file, line }: TraceStep, event: TraceEvent): void {
    const { comparison, result, reason, changes = [] } = event;
    if (result === 'not reached') return;
    if (result === 'applied') this.#rule?.effects.push(...changes.flatMap(effectsOf));
    const told = reason === undefined || comparison !== undefined ? {} : { reason };
    if (this.#rule !== undefined && (result === 'applied' || isUnmet(event))) Object.assign(this.#rule, told);
    if (result === 'applied' || isUnmet(event)) return;
    this.#rule = {
      kind: 'rule',
      file,
      line,
      pattern: comparison === undefined ? (event.args ?? '') : patternWords(comparison),
      subject: comparison?.subject ?? '',
      matched: comparison === undefined ? undefined : result === 'matched',
      conditions: [],
      effects: [],
      ...told,
    };
    this.#events.push(this.#rule);
  }

  #addCondition({ file, line }: TraceStep, { comparison, args = '', result }: TraceEvent): void {
    if (comparison === undefined) return;
    const operand = /^(?:"[^"]*"|\S+)/.exec(args)?.[0] ?? '';
    const test = `${operand} ${patternWords(comparison)}`;
    const met = result === 'matched';
    this.#rule?.conditions.push({ file, line, test, input: comparison.subject, met });
  }
}

const isUnmet = ({ result, reason }: TraceEvent): boolean =>
  result === 'skipped' && reason === 'a condition is not met';

/** What a line of a .htaccess did, and what ends a request; not what goes without saying. */
function isTold({ file, line }: TraceStep, { result, directive, changes = [] }: TraceEvent): boolean {
  if (result === 'answered') return false;
  // The next request says where a rule led.
  if (directive === undefined && changes.some(({ what }) => what === 'uri')) return false;
  return result === 'refused' || (file !== undefined && line !== undefined) || changes.some(isOfClient);
}

const isOfClient = ({ what }: Change): boolean => what === 'location' || what === 'handler';

const noteOf = ({ module, text, file, line }: TraceStep): NoteEvent => ({
  kind: 'note',
  module,
  text,
  file,
  line,
});

function patternWords({ pattern, isNegated, isCaseless }: NonNullable<TraceEvent['comparison']>): string {
  return `${isNegated === true ? '!' : ''}${pattern}${isCaseless === true ? ' [NC]' : ''}`;
}

/** The new file is in mod_rewrite's own words already, but for what is sent to the client. */
function effectsOf({ what, name, after }: Change): readonly Effect[] {
  if (what === 'file')
    return /^[a-z][a-z0-9+.-]*:/i.test(after ?? '') ? [{ name: 'redirect to', text: after ?? '' }] : [];
  if (name === undefined) return [{ name: what, text: after ?? 'none' }];
  if (after === null) return [{ name: `no ${what}`, text: name }];
  return [{ name: what, text: what === 'cookie' ? after : `${name}=${after}` }];
}
