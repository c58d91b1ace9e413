import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApacheStartError, hasApache, startApache } from './apache';

const peer = hasApache();

describe.skipIf(!peer.available)('a private Apache', () => {
  let documentRoot: string;

  beforeAll(() => {
    documentRoot = mkdtempSync(join(tmpdir(), 'fastcgi-root-'));
    chmodSync(documentRoot, 0o755);
    writeFileSync(join(documentRoot, 'index.html'), 'hello');
    writeFileSync(join(documentRoot, 'run.fcgi'), '#!/bin/sh\n');
  });

  afterAll(() => rmSync(documentRoot, { recursive: true }));

  it.each(['prefork', 'event'] as const)('serves, reloads and stops with %s', async (processModel) => {
    const server = await startApache({ documentRoot, processModel });
    expect(await (await fetch(`${server.url}/`)).text()).toBe('hello');
    writeFileSync(join(documentRoot, '.htaccess'), 'Nonsense on\n');
    expect((await fetch(`${server.url}/`)).status).toBe(500);
    expect(server.readErrorLog()).toContain("/.htaccess: Invalid command 'Nonsense'");
    rmSync(join(documentRoot, '.htaccess'));
    await server.reload();
    expect((await fetch(`${server.url}/`)).status).toBe(200);
    await server.stop();
    expect(existsSync(server.folder)).toBe(false);
    expect(() => process.kill(-server.pid, 0)).toThrow('ESRCH');
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });

  it('loads every module of the machine together', async () => {
    const server = await startApache({ documentRoot, modules: 'all', children: 1 });
    expect((await fetch(`${server.url}/`)).status).toBe(200);
    await server.stop();
  });

  it('says what Apache said when the configuration is wrong', async () => {
    const start = startApache({ documentRoot, config: 'Nonsense on' });
    await expect(start).rejects.toThrow(ApacheStartError);
    await expect(start).rejects.toThrow(/Invalid command 'Nonsense'/);
  });
});
