import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import schema from '../../media/fastcgi.schema.json';
import { hostProfile } from '../../src/apache/host';
import { HOST_PRESETS } from '../../src/project';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** The first two columns of a page's tables. */
const rows = (page: string): Map<string, string> =>
  new Map(
    [...page.matchAll(/^\| `([^`]+)` +\| ([^|]*?) *\|/gm)].map(([, name = '', next = '']) => [name, next]),
  );

test('docs/host.md names every field of the host profile and its default, and every preset', () => {
  const named = rows(read('docs/host.md'));
  const fields = Object.entries(hostProfile());
  expect([...named.keys()]).toEqual([...Object.keys(HOST_PRESETS), ...fields.map(([name]) => name)]);
  for (const [name, value] of fields) {
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    const text = named.get(name)?.replaceAll('`', '') ?? '';
    const isInWords = /^(?:those|a|the) /.test(text);
    if (!isInWords)
      expect([name, text.replaceAll(/["\s]/g, '')]).toEqual([name, shown.replaceAll(/["\s]/g, '')]);
  }
});

test('the README names every field of the project file', () => {
  const { $schema: _, runner, targets, ...others } = schema.properties;
  const fields = [
    ...Object.keys(others),
    ...Object.keys(runner.properties).map((name) => `runner.${name}`),
    ...Object.keys(targets.additionalProperties.properties).map((name) => `targets.NAME.${name}`),
  ];
  expect([...rows(read('README.md')).keys()]).toEqual(expect.arrayContaining(fields));
});
