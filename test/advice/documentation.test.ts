import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { advise } from '../../src/advice';
import { judge } from '../../src/apache/config/judge';
import { hostProfile } from '../../src/apache/host';
import { byteStringOfText } from '../../src/text/bytes';
import { advicePage, documentation, PAGE } from './documentation';

const HOST = hostProfile();

describe('the documentation of the rules', () => {
  test('is what docs/advice.md says; UPDATE_GOLDEN=1 writes it anew', async () => {
    const page = await advicePage();
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });

  test.each(documentation())('$rule.code has a text and a link', ({ rule, text, manual }) => {
    expect(rule.code).toMatch(/^[a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
    expect(text.length).toBeGreaterThan(80);
    expect(manual).toMatch(/^https:\/\//);
  });

  const withExamples = documentation().filter(({ bad }) => bad !== undefined);

  test('holds examples of nearly all rules', () => {
    expect(withExamples.length).toBeGreaterThan(documentation().length - 8);
  });

  test.each(withExamples)(
    '$rule.code: the bad example gets it, the good one no advice at all',
    ({ rule, bad, good }) => {
      const severities = { [rule.code]: rule.severity === 'off' ? 'hint' : rule.severity } as const;
      const codes = (text: string): string[] =>
        advise(byteStringOfText(text), HOST, { severities }).map(({ code }) => code);
      expect(codes(bad ?? '')).toContain(rule.code);
      expect(judge(byteStringOfText(good ?? ''), HOST).message).toBeNull();
      expect(codes(good ?? '')).toEqual([]);
    },
  );
});
