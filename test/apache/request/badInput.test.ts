import { describe, expect, it } from 'vitest';
import { hostProfile } from '../../../src/apache/host';
import { memorySite } from '../../../src/apache/memorySite';
import { evaluate } from '../../../src/apache/request';
import { BAD_INPUT } from './badInput';

const host = hostProfile();

/** Seconds of this process's time. */
const BOUND = 1.5;
/** Other work on the machine takes the caches away, and only ever adds to it: the least of so many counts. */
const MOST_TRIES = 3;

describe('what might break a server', () => {
  it.each(BAD_INPUT)("gets Apache's answer within bounds: $name", ({ files, target, status }) => {
    const site = memorySite(files, host);
    const request = { method: 'GET', target, headers: [['Host', 'www.example.test']] as const };
    let seconds = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < MOST_TRIES && seconds >= BOUND; tries++) {
      const before = process.cpuUsage();
      const outcome = evaluate({ request, site, host, documentRoot: host.treeRoot, time: 0, trace: false });
      const { user, system } = process.cpuUsage(before);
      expect(outcome.status).toBe(status);
      seconds = (user + system) / 1e6;
    }
    expect(seconds).toBeLessThan(BOUND);
  });
});
