import { describe, expect, it } from 'vitest';
import { hostProfile } from '../../../src/apache/host';
import { memorySite } from '../../../src/apache/memorySite';
import { evaluate } from '../../../src/apache/request';
import { BAD_INPUT } from './badInput';

const host = hostProfile();

/** Seconds of this process's time: other work on the machine does not count. */
const BOUND = 1.5;

describe('what might break a server', () => {
  it.each(BAD_INPUT)("gets Apache's answer within bounds: $name", ({ files, target, status }) => {
    const site = memorySite(files, host);
    const request = { method: 'GET', target, headers: [['Host', 'www.example.test']] as const };
    const before = process.cpuUsage();
    const outcome = evaluate({ request, site, host, documentRoot: host.treeRoot, time: 0, trace: false });
    const { user, system } = process.cpuUsage(before);
    expect(outcome.status).toBe(status);
    expect((user + system) / 1e6).toBeLessThan(BOUND);
  });
});
