import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MODES } from '../../src/runner/mode';
import { SpawnScore } from '../../src/runner/spawnScore';
import { ask, rawProgram, testSite, type TestSite } from './testSite';

describe('the spawn score', () => {
  it('counts starts and ends, and forgets one each second', () => {
    let now = 0;
    const score = new SpawnScore(() => now);
    const crash = (): void => (score.started(), score.ended());
    crash();
    crash();
    crash();
    expect([score.value, score.allowsStart]).toEqual([9, true]);
    crash();
    expect([score.value, score.allowsStart]).toEqual([12, false]);
    now = 2999;
    expect([score.value, score.allowsStart]).toEqual([10, false]);
    now = 3000;
    expect([score.value, score.allowsStart]).toEqual([9, true]);
    now = 60_000;
    expect(score.value).toBe(0);
    now = 60_900;
    crash();
    now = 61_000;
    expect(score.value).toBe(2);
    score.clear();
    expect(score.value).toBe(0);
  });
});

describe('in the mode faithful', () => {
  // A minute of waiting is a moment here; all else is as it is.
  const rules: { slotWait: number } = MODES.faithful;
  const { slotWait } = rules;
  beforeAll(() => void (rules.slotWait = 400));
  afterAll(() => void (rules.slotWait = slotWait));

  let site: TestSite;
  afterEach(() => site.dispose());

  it('requests for a program that crashes wait and get 503, until it is restarted', async () => {
    const files = { 'x.fcgi': '#!/bin/sh\nexit 1\n' };
    site = await testSite(files, { mode: 'faithful', maxProcesses: 12, developerPages: false });
    const crowd = await Promise.all(Array.from({ length: 12 }, () => ask(site.runner, '/x.fcgi')));
    // At most ten starts fit below the limit; which of the others come first is a matter of luck.
    expect(crowd.filter(({ status }) => status === 500).length).toBeLessThanOrEqual(10);
    expect(new Set(crowd.map(({ status }) => status))).toEqual(new Set([500, 503]));
    const refused = await ask(site.runner, '/x.fcgi');
    expect(refused).toMatchObject({ status: 503, body: expect.stringContaining('Service Unavailable') });
    const told = site.problems().join('\n');
    expect(told).toMatch(/spawn score \d+ >= 10, skip the spawn request/);
    expect(told).toContain("can't apply process slot");
    expect(site.events.some(({ kind }) => kind === 'paused')).toBe(false);
    await site.runner.restart();
    expect((await ask(site.runner, '/x.fcgi')).status).toBe(500);
  });

  it('a request waits for a process that is busy, and no longer than the server', async () => {
    const slow = rawProgram(
      'while True:\n    c = accept(); time.sleep(1.2); c.sendall(record(OUT, b"\\nok") + end()); c.close()',
    );
    site = await testSite({ 'x.fcgi': slow }, { mode: 'faithful', maxProcesses: 1, developerPages: false });
    const first = ask(site.runner, '/x.fcgi');
    await site.waitFor('started');
    expect((await ask(site.runner, '/x.fcgi')).status).toBe(503);
    expect((await first).status).toBe(200);
  });
});
