import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/apache/config/judge';
import { hostProfile } from '../../../src/apache/host';
import { ALL_MODULES } from '../../../src/apache/modules/all';
import access from './recordedAccessVerdicts.json';
import recorded from './recordedVerdicts.json';

const host = hostProfile({
  modules: ALL_MODULES.map((module) => module.name),
  environment: { PATH: '/usr/bin' },
});

/** By module: a directive and Apache 2.4.71's refusal, null where it takes it. Recorded from Apache by mod_judge. */
const VERDICTS: Readonly<Record<string, readonly (readonly (string | null)[])[]>> = {
  ...recorded,
  ...access,
};

describe.each(Object.entries(VERDICTS))('%s', (_name, verdicts) => {
  it.each(verdicts)('%s', (text, refusal) => {
    expect(judge(text ?? '', host).message).toBe(refusal);
  });
});

describe('every directive of these modules', () => {
  const directives = ALL_MODULES.filter(({ name }) => name in VERDICTS).flatMap((module) =>
    Object.entries(module.directives).map(([name, directive]) => ({ name, directive })),
  );

  it.each(directives)('$name says what it does', ({ directive }) => {
    expect(directive.summary).toMatch(/^[A-Z].*[.]$/);
  });

  it.each(directives.filter(({ directive }) => directive.where.some((place) => !place.endsWith('_CONF'))))(
    '$name was looked at: it has a function of its own',
    ({ directive }) => {
      expect('apply' in directive).toBe(true);
    },
  );
});
