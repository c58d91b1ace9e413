import * as v from 'valibot';

/** Building blocks of the project file's schema. Their messages follow the field's name: `"port" must be …`. */

/** A schema by what it gives. */
export type SchemaOf<Output> = v.GenericSchema<unknown, Output>;

/** A text of a given form. */
export function text(form: RegExp, message: string) {
  return v.pipe(v.string(message), v.regex(form, message), v.check(hasNoControls, NO_CONTROLS));
}

/** A list of texts of a given form. */
export function list(form: RegExp, message: string) {
  return v.array(text(form, message), message);
}

/** One of a few words. */
export function choice<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, `must be ${words.map((word) => `"${word}"`).join(' or ')}`);
}

/** A whole number between two bounds, both included. */
export function whole(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
}

/** An object without other fields than the named ones. */
export function object<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, (issue) =>
    issue.expected === 'never' ? UNKNOWN_FIELD : missingOrShape(issue),
  );
}

/** True or false. */
export const flag = v.boolean('must be true or false');

/** A TCP port. */
export const port = whole(1, 65_535);

/** Names with texts, as environment variables. */
export const texts = v.record(
  v.string(),
  text(/^/, 'must be a text'),
  'must be an object of names with texts',
);

/** The message by which an unknown field is recognised (it is no value's fault). */
export const UNKNOWN_FIELD = 'is not a field of the project file; it has no effect';

const NO_CONTROLS = 'must not contain control characters';

function hasNoControls(value: string): boolean {
  return !/[\u0000-\u001F\u007F]/.test(value);
}

function missingOrShape(issue: { readonly received: string }): string {
  return issue.received === 'undefined' ? 'is missing' : 'must be an object in braces';
}
