import { describe, expect, test } from 'vitest';
import schema from '../../media/fastcgi.schema.json';
import { HOST_PRESETS } from '../../src/project';
import { BAD, GOOD } from './samples';

type Schema = Readonly<Record<string, unknown>>;

/** Accepts what the keywords used in our schema accept; a keyword it does not know is an error of the test. */
function accepts(rule: Schema, value: unknown): boolean {
  return Object.entries(rule).every(([keyword, operand]) => {
    const check = KEYWORDS[keyword];
    if (check === undefined) throw new Error(`The test does not know the keyword "${keyword}".`);
    return check(operand as never, value, rule);
  });
}

const always = (): boolean => true;
const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  null: (value) => value === null,
};

const KEYWORDS: Readonly<Record<string, (operand: never, value: unknown, rule: Schema) => boolean>> = {
  $schema: always,
  title: always,
  description: always,
  default: always,
  enumDescriptions: always,
  allowComments: always,
  allowTrailingCommas: always,
  type: (types: string | string[], value) => [types].flat().some((type) => TYPES[type]?.(value)),
  enum: (values: unknown[], value) => values.includes(value),
  const: (wanted: unknown, value) => wanted === value,
  pattern: (pattern: string, value) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  minimum: (least: number, value) => typeof value !== 'number' || value >= least,
  maximum: (most: number, value) => typeof value !== 'number' || value <= most,
  items: (rule: Schema, value) => !Array.isArray(value) || value.every((item) => accepts(rule, item)),
  anyOf: (rules: Schema[], value) => rules.some((rule) => accepts(rule, value)),
  required: (names: string[], value) => !isObject(value) || names.every((name) => name in value),
  properties: (rules: Readonly<Record<string, Schema>>, value) =>
    !isObject(value) ||
    Object.entries(rules).every(([name, rule]) => !(name in value) || accepts(rule, value[name])),
  additionalProperties(rule: boolean | Schema, value, { properties = {} }) {
    if (!isObject(value)) return true;
    const others = Object.keys(value).filter((name) => !Object.hasOwn(properties as Schema, name));
    return others.every((name) => (typeof rule === 'boolean' ? rule : accepts(rule, value[name])));
  },
};

describe("the editor's JSON schema", () => {
  test.each(Object.entries(GOOD))('takes %s', (_, value) => {
    expect(accepts(schema, value)).toBe(true);
  });

  test.each(Object.entries(BAD))('refuses %s', (_, { value }) => {
    expect(accepts(schema, value)).toBe(false);
  });

  test('describes every field', () => {
    const bare: string[] = [];
    const visit = (rule: Schema, path: string): void => {
      for (const [name, field] of Object.entries((rule['properties'] ?? {}) as Record<string, Schema>)) {
        if (typeof field['description'] !== 'string') bare.push(`${path}.${name}`);
        visit(field, `${path}.${name}`);
      }
      for (const other of (rule['anyOf'] ?? []) as Schema[]) visit(other, path);
      if (isObject(rule['additionalProperties'])) visit(rule['additionalProperties'], `${path}.*`);
    };
    visit(schema, '');
    expect(bare).toEqual([]);
  });

  test('names the presets', () => {
    expect(schema.properties.host.anyOf[0]?.enum).toEqual(Object.keys(HOST_PRESETS));
  });
});
