import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { combinedLine } from '../../src/runner/accessLog';
import { RunnerError, startRunner } from '../../src/runner';
import { ask, testSite } from './testSite';

const access = {
  time: Date.UTC(2026, 10, 30, 12, 0, 59, 999),
  remoteAddr: '127.0.0.1',
  user: null,
  requestLine: 'GET / HTTP/1.1',
  status: 200,
  bytes: 0,
  headers: [],
};

describe('a line of the access log', () => {
  it('is in the combined format', () => {
    expect(combinedLine(access)).toMatch(
      /^127\.0\.0\.1 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "GET \/ HTTP\/1\.1" 200 - "-" "-"\n$/,
    );
  });

  it('says when the request came, as Apache does, not when it was answered', () => {
    const came = new Date(access.time);
    const day = String(came.getDate()).padStart(2, '0');
    const seconds = came.toTimeString().slice(0, 8);
    expect(combinedLine(access)).toContain(`[${day}/Nov/2026:${seconds} `);
  });

  it('hides what could break it', () => {
    const line = combinedLine({
      ...access,
      user: 'a "b"',
      requestLine: 'GET /\u00e4"\\\u0001\n HTTP/1.1',
      bytes: 12,
      headers: [
        ['Referer', 'http://x/"'],
        ['USER-AGENT', 'a\tb'],
      ],
    });
    expect(line).toContain('- a \\"b\\" [');
    expect(line).toContain('"GET /\\xe4\\"\\\\\\x01\\n HTTP/1.1" 200 12 "http://x/\\"" "a\\tb"');
  });

  it('is written for every request, refused ones too, and a file that cannot be opened is told', async () => {
    const site = await testSite({ 'a.txt': 'abc' });
    const file = path.join(site.folder, 'access.log');
    const runner = await startRunner({ root: site.folder, accessLog: file, watch: false });
    await ask(runner, '/a.txt');
    await ask(runner, '/none', { headers: { 'user-agent': 'me' } });
    await ask(runner, '/', { headers: { host: 'bad host' } });
    await runner.dispose();
    const lines = fs.readFileSync(file, 'latin1').trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^.*\] /, ''))).toEqual([
      '"GET /a.txt HTTP/1.1" 200 3 "-" "-"',
      expect.stringMatching(/^"GET \/none HTTP\/1\.1" 404 \d+ "-" "me"$/),
      expect.stringMatching(/^"GET \/ HTTP\/1\.1" 400 \d+ "-" "-"$/),
    ]);
    const refused = startRunner({ root: site.folder, accessLog: '/nowhere/at/all' });
    await expect(refused).rejects.toBeInstanceOf(RunnerError);
    await site.dispose();
  });

  it('has its folder made, and what is wrong said in words', async () => {
    const site = await testSite({ 'a.txt': 'abc' });
    const start = (accessLog: string) => startRunner({ root: site.folder, accessLog, watch: false });
    const file = path.join(site.folder, 'logs/access.log');
    await (await start(file)).dispose();
    expect(fs.existsSync(file)).toBe(true);
    await expect(start(site.folder)).rejects.toThrow(`${site.folder} cannot be written: it is a folder.`);
    await expect(start(`${file}/x`)).rejects.toThrow('what should be its folder is a file.');
    await expect(start('/nowhere/at/all')).rejects.toThrow('the folder above its own does not exist.');
    await site.dispose();
  });

  it.skipIf(process.platform !== 'linux')(
    'that finds the disk full is lost, told once, and ends nothing',
    async () => {
      const site = await testSite({ 'a.txt': 'abc' }, { accessLog: '/dev/full' });
      const { message } = await ask(site.runner, '/a.txt').then(() => site.waitFor('problem'));
      expect(message).toBe('The access log /dev/full cannot be written: the disk is full.');
      expect((await ask(site.runner, '/a.txt')).status).toBe(200);
      await site.runner.dispose();
      expect(site.problems()).toHaveLength(1);
      await site.dispose();
    },
  );
});
