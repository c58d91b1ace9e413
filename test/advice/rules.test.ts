import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ADVICE } from '../../src/advice';

// Each rule has its cases in a file of its own under rules/; all run in this process, so that the engine is loaded once.
const FOLDER = new URL('rules', import.meta.url).pathname;
const RULES = new URL('../../src/advice/rules', import.meta.url).pathname;
const files = readdirSync(FOLDER).sort();

for (const file of files) await import(`./rules/${file.replace(/\.ts$/, '')}.ts`);

test('every rule has a file with cases', () => {
  expect(files).toEqual(readdirSync(RULES).sort());
  expect(files.length).toBe(ADVICE.length);
});
