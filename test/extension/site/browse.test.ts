import { describe, expect, it, vi } from 'vitest';

const external = vi.hoisted(() => ({ address: '' }));
vi.mock('vscode', () => {
  const uri = (address: string) => ({
    authority: /^\w+:\/\/([^/]*)/.exec(address)?.[1],
    toString: () => address,
  });
  return {
    Uri: { parse: uri },
    env: { asExternalUri: async () => uri(external.address) },
  };
});

const { forwardedAddress, hostNameOf } = await import('../../../src/extension/site/browse');

async function forwarded(address: string) {
  external.address = address;
  const allowed: string[] = [];
  const runner = { url: 'http://localhost:8400/', allowName: (name: string) => void allowed.push(name) };
  return { told: await forwardedAddress(runner as never), allowed };
}

describe('the address from where the reader sits', () => {
  it('is allowed by its name, and told where it is another one', async () => {
    expect(await forwarded('https://Name-8400.app.test/')).toEqual({
      told: 'https://Name-8400.app.test/',
      allowed: ['name-8400.app.test'],
    });
    expect(await forwarded('http://localhost:8400/')).toEqual({ told: undefined, allowed: ['localhost'] });
    expect((await forwarded('http://localhost:51234/')).told).toBe('http://localhost:51234/');
  });

  it.each([
    ['https://a.test:8443/proxy/8400/', 'a.test'],
    ['http://[::1]:8400/', '[::1]'],
    ['vscode://a.test/', undefined],
    ['https://user@a.test/', undefined],
    ['https://*.test/', undefined],
    ['', undefined],
  ])('%s has the host name %s', (address, name) => {
    expect(hostNameOf(address)).toBe(name);
  });
});
