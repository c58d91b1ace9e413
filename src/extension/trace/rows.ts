import type { TraceStep } from '../../apache/request/outcome';
import {
  stepsByRequest,
  type ConditionEvent,
  type Effect,
  type RequestEvent,
  type RuleEvent,
} from '../../apache/request/steps';
import type { TraceDetail, TracePart, TracePlace, TraceRow } from '../../panels/trace/messages';
import { textOfByteString } from '../../text/bytes';

/** What a trace needs to be shown. */
export interface TraceContext {
  /** A place of the server as one that can be opened; undefined where it lies elsewhere. */
  readonly placeOf: (file: string, line: number) => TracePlace | undefined;
  readonly words: TraceWords;
}

/** Words of a trace, in the reader's language. */
export interface TraceWords {
  readonly matched: string;
  readonly missed: string;
  readonly unknown: string;
  readonly met: string;
  readonly notMet: string;
  /** `{0}` is a URL. */
  readonly redirectedTo: string;
  readonly initial: string;
  readonly subrequest: string;
}

/** The trace of an outcome as the panels show it: by requests and rules, with their conditions and effects. */
export function traceParts(trace: readonly TraceStep[], context: TraceContext): TracePart[] {
  return stepsByRequest(trace)
    .filter(({ events }) => events.length > 0)
    .map(({ label, url, files, events }) => ({
      heading: headingOf(label, url, context.words),
      files: files.flatMap((file) => context.placeOf(file, 1) ?? []),
      rows: events.map((event) => rowOf(event, context)),
    }));
}

function headingOf(label: string, url: string | undefined, words: TraceWords): string {
  if (url !== undefined) return words.redirectedTo.replace('{0}', () => textOfByteString(url));
  return label.startsWith('subreq') ? words.subrequest : words.initial;
}

function rowOf(event: RequestEvent, context: TraceContext): TraceRow {
  const { file, line } = event;
  const placed = placedAt(file, line, context);
  if (event.kind === 'rule') return { ...ruleRow(event, context), ...placed };
  return { tone: 'note', tag: event.module, title: textOfByteString(event.text), ...placed, details: [] };
}

function placedAt(file: string | undefined, line: number | undefined, context: TraceContext) {
  const place = file === undefined || line === undefined ? undefined : context.placeOf(file, line);
  return place === undefined ? {} : { place };
}

function ruleRow(event: RuleEvent, context: TraceContext): TraceRow {
  const { words } = context;
  const { pattern, subject, conditions, effects, matched, reason } = event;
  const isRefused = effects.length === 0 && conditions.at(-1)?.met === false;
  const tone = effects.length > 0 ? 'acted' : matched === true && !isRefused ? 'matched' : 'missed';
  return {
    tone,
    tag: matched === undefined ? words.unknown : matched ? words.matched : words.missed,
    title: `RewriteRule ${textOfByteString(pattern)}`,
    subject: textOfByteString(subject),
    details: [
      ...conditions.map((one) => conditionOf(one, context)),
      ...effects.map(effectOf),
      ...(reason === undefined ? [] : [{ tone: 'effect' as const, name: '', text: reason }]),
    ],
  };
}

function conditionOf(condition: ConditionEvent, context: TraceContext): TraceDetail {
  const { test, input, met, file, line } = condition;
  const { words } = context;
  const told = { name: met ? words.met : words.notMet, text: `RewriteCond ${textOfByteString(test)}` };
  return {
    tone: met ? 'met' : 'failed',
    ...told,
    subject: textOfByteString(input),
    ...placedAt(file, line, context),
  };
}

function effectOf({ name, text }: Effect): TraceDetail {
  return { tone: 'effect', name, text: textOfByteString(text) };
}
