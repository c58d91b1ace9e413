import { describe, expect, it } from 'vitest';
import { hostProfile } from '../../../src/apache/host';
import { answerOf } from '../modules/evaluateSite';

const { modules } = hostProfile();

describe('a request', () => {
  it.each([
    ['BIND', [], 501],
    ['SEARCH', [], 501],
    ['BIND', ['mod_dav'], 405],
    ['SEARCH', ['mod_dav'], 405],
    ['PUT', [], 405],
    ['NONSENSE', ['mod_dav'], 501],
  ])('by %s with %j gets %i', (method, more, status) => {
    const host = { modules: [...modules, ...more] };
    expect(answerOf('', '/index.html', { method, host }).status).toBe(status);
  });

  it.each([
    [' \t one two\t ', 'one two'],
    ['\t ', ''],
    ['\u00a0x\v', '\u00a0x\v'],
  ])('has the header value %j as %j', (sent, expected) => {
    const rules = 'SetEnvIf X-Given "(.*)" GIVEN=<$1>';
    expect(answerOf(rules, '/index.html', { headers: { 'X-Given': sent } }).env['GIVEN']).toBe(
      `<${expected}>`,
    );
  });
});
