import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from './folder';
import { fastcgi } from './testTerminal';

test('a dispatcher that is not executable does not work', async () => {
  const cwd = folderWith({ 'web/dispatch.fcgi': '#!/bin/sh\n' });
  chmodSync(join(cwd, 'web/dispatch.fcgi'), 0o644);
  const { code, out } = await fastcgi(['preflight'], { cwd });
  expect(code).toBe(1);
  expect(out).toMatch(/^web\/dispatch\.fcgi does not work\n/);
  expect(out).toMatch(/executable/);
});

test('a plain CGI program works from the shell only; what it wrote is shown', async () => {
  const script = '#!/bin/sh\necho "to the log" >&2\necho "Content-Type: text/plain"\necho\necho hello\n';
  const cwd = folderWith({ 'dispatch.fcgi': script });
  const { code, out } = await fastcgi(['preflight', 'dispatch.fcgi', '--timeout', '5'], { cwd });
  expect(code).toBe(1);
  expect(out).toMatch(
    /^shell {2}Started from a shell it printed a page with status 200\. \(\d+ ms, text\/plain\)$/m,
  );
  expect(out).toMatch(/^ {4}to the log$/m);
  expect(out).toMatch(/^server {2}/m);
});

test('without a dispatcher it says so', async () => {
  const { code, err } = await fastcgi(['preflight'], { cwd: folderWith({}) });
  expect(code).toBe(1);
  expect(err).toContain('There is no .fcgi file below');
});
