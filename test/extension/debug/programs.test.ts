import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';

const closed = { dispose: () => undefined };
const debuggers: Server[] = [];
/** The ports at which debuggers were asked to wait; whether they do. */
const ports: number[] = [];
let waits = true;

vi.mock('vscode', () => ({
  DebugConsoleMode: {},
  l10n: { t: (text: string) => text },
  extensions: { getExtension: () => ({}) },
  debug: {
    onDidStartDebugSession: () => closed,
    onDidTerminateDebugSession: () => closed,
    startDebugging: async (_: unknown, { port }: { port: number }) => {
      ports.push(port);
      if (!waits) return false;
      const server = createServer();
      debuggers.push(server);
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      return true;
    },
  },
}));
vi.mock('../../../src/extension/debug/ports', async (original) => ({
  ...(await original<object>()),
  isTaken: async () => waits,
}));

const { DebuggedPrograms } = await import('../../../src/extension/debug/programs');

function programs() {
  return new DebuggedPrograms({
    folder: {} as never,
    parent: { id: 'site' } as never,
    justMyCode: true,
    ownAdapter: () => 0,
  });
}

describe('PHP programs under their debugger', () => {
  afterEach(() => {
    for (const server of debuggers.splice(0)) server.close();
    ports.length = 0;
    waits = true;
  });

  it('share it, and are started each as itself', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'programs-'));
    const own = path.join(folder, 'own.fcgi');
    writeFileSync(own, '#!/usr/bin/php-cgi -n\n<?php\n');
    const all = programs();
    const pages = await all.prepare({ file: 'php-cgi', program: 'php-cgi', args: ['-n'], folder: '/' });
    const other = await all.prepare({ file: own, program: own, args: [], folder });
    rmSync(folder, { recursive: true });
    expect(ports).toHaveLength(1);
    const xdebug = `-d xdebug.mode=debug -d xdebug.start_with_request=yes -d xdebug.client_host=127.0.0.1 -d xdebug.client_port=${ports[0]}`;
    expect(pages.command?.join(' ')).toBe(`php-cgi -n ${xdebug}`);
    expect(other.command?.join(' ')).toBe(`/usr/bin/php-cgi -n ${xdebug} ${own}`);
    all.dispose();
  });

  it('try again where it did not become ready', async () => {
    const all = programs();
    const command = { file: 'php-cgi', program: 'php-cgi', args: [], folder: '/' };
    waits = false;
    await expect(all.prepare(command)).rejects.toThrow('did not become ready');
    waits = true;
    expect((await all.prepare(command)).command?.[0]).toBe('php-cgi');
    all.dispose();
  });
});

describe('a program without a debugger', () => {
  it('is named once', async () => {
    const all = programs();
    await all.prepare({ file: 'php-cgi', program: 'php-cgi', args: [], folder: '/' });
    const started = (dispatcher: string) => all.noteOn({ kind: 'started', dispatcher, pid: 1 });
    expect(started('php-cgi')).toBeUndefined();
    expect(started('/site/a.cgi')).toContain('is a CGI program and runs without a debugger');
    expect(started('/site/a.cgi')).toBeUndefined();
    all.dispose();
  });
});
