import * as v from 'valibot';

/** Building blocks of the project file's schema. Their messages follow the field's name: `"port" must be …`. */

/** The message by which an unknown field is recognised (it is no value's fault). */
export const UNKNOWN_FIELD = 'is not a field of the project file; it has no effect';

const NO_CONTROLS = 'must not contain control characters';

const BRACES = 'must be an object in braces';

/** valibot takes an array for an object without fields. */
const notList = v.custom<Record<string, unknown>>((value) => !Array.isArray(value), BRACES);

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
  const closed = v.strictObject(entries, (issue) =>
    issue.expected === 'never' ? UNKNOWN_FIELD : issue.received === 'undefined' ? 'is missing' : BRACES,
  );
  return v.pipe(notList, closed);
}

/** True or false. */
export const flag = v.boolean('must be true or false');

/** A TCP port. */
export const port = whole(1, 65_535);

/** Things by names of the writer's choice. */
export function named<Schema extends SchemaOf<unknown>>(each: Schema) {
  return v.pipe(notList, v.record(v.string(), each, BRACES));
}

/** Names with texts, as environment variables. */
export const texts = named(text(/^/, 'must be a text'));

function hasNoControls(value: string): boolean {
  return !/[\u0000-\u001F\u007F]/.test(value);
}
