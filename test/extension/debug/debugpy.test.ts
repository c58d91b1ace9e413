import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findDebugpy } from '../../../src/extension/debug/debugpy';
import { freePort, isTaken } from '../../../src/extension/debug/ports';

const folder = mkdtempSync(path.join(tmpdir(), 'debugpy-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An interpreter that says where its debugpy is, or that it has none. */
function interpreter(name: string, body: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('debugpy is found', () => {
  const without = interpreter('without', 'exit 1');
  const debian = { folder: path.join(folder, 'debian'), python: without };
  const extension = path.join(folder, 'extension');
  mkdirSync(path.join(extension, 'bundled/libs/debugpy'), { recursive: true });

  it("in the program's own interpreter first", async () => {
    const own = interpreter('with', 'echo /own/debugpy');
    expect(await findDebugpy(own, extension, debian)).toEqual({ folder: '/own/debugpy', python: own });
  });

  it('then in the Python Debugger extension, then in Debian', async () => {
    const bundled = path.join(extension, 'bundled/libs/debugpy');
    expect(await findDebugpy(without, extension, debian)).toEqual({ folder: bundled, python: without });
    expect(await findDebugpy(without, undefined, debian)).toBeUndefined();
    mkdirSync(debian.folder);
    expect(await findDebugpy('/no/such/python', undefined, debian)).toEqual(debian);
  });
});

describe('a port', () => {
  it('is taken once somebody listens, and nobody is connected to', async () => {
    const port = await freePort();
    expect(await isTaken(port, 120)).toBe(false);
    let connections = 0;
    const server = net.createServer(() => connections++);
    setTimeout(() => server.listen(port, '127.0.0.1'), 100);
    expect(await isTaken(port, 5000)).toBe(true);
    expect(connections).toBe(0);
    server.close();
  });
});
