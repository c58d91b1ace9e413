import { describe, expect, it } from 'vitest';
import { siteNodes, type SiteState } from '../../../src/extension/site/nodes';

const words = {
  requests: 'Requests',
  output: 'Output',
  process: 'Process {0}',
  answered: '{0} answered',
  busy: 'busy',
  idle: 'idle',
  notRunning: 'starts with the next request',
  failed: 'failed {0} times',
  nextTry: 'next try in {0} s',
  forwarded: 'Forwarded to {0}',
};
const state: SiteState = {
  url: 'http://localhost:8400/',
  forwarded: undefined,
  folder: '/home/me/site',
  requests: 12,
  now: 1000,
  dispatchers: [
    {
      dispatcher: '/home/me/site/app/run.fcgi',
      pause: null,
      processes: [
        { dispatcher: '/home/me/site/app/run.fcgi', pid: 41, busy: true, answered: 3 },
        { dispatcher: '/home/me/site/app/run.fcgi', pid: 42, busy: false, answered: 0 },
      ],
    },
    {
      dispatcher: '/home/me/site/bad.fcgi',
      processes: [],
      pause: { failures: 4, until: 5500, message: 'bad.fcgi ended with exit code 1.' },
    },
  ],
};

describe('the tree of a served site', () => {
  it('has the address, the programs with their processes, requests and output', () => {
    const nodes = siteNodes(state, words);
    expect(nodes.map(({ label, description }) => `${label} | ${description}`)).toEqual([
      'http://localhost:8400/ | site',
      'app/run.fcgi | busy',
      'bad.fcgi | failed 4 times, next try in 5 s',
      'Requests | 12',
      'Output | ',
    ]);
    expect(nodes[1]?.children.map(({ label, description }) => `${label} | ${description}`)).toEqual([
      'Process 41 | busy · 3 answered',
      'Process 42 | idle · 0 answered',
    ]);
  });

  it('tells menus what can be done: a pause can be ended', () => {
    const [, first, second] = siteNodes(state, words);
    expect(first).toMatchObject({ context: 'dispatcher', dispatcher: '/home/me/site/app/run.fcgi' });
    expect(second).toMatchObject({ context: 'pausedDispatcher', icon: 'warning' });
    expect(second?.tooltip).toContain('exit code 1');
  });

  it('says where the site is forwarded to, and counts no pause below zero', () => {
    const forwarded = { ...state, forwarded: 'https://name-8400.app.test/', now: 9999 };
    const nodes = siteNodes(forwarded, words);
    expect(nodes[0]?.tooltip).toContain('Forwarded to https://name-8400.app.test/');
    expect(nodes[2]?.description).toContain('next try in 0 s');
  });

  it('gives every line an id of its own', () => {
    const nodes = siteNodes(state, words).flatMap((node) => [node, ...node.children]);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
  });
});
