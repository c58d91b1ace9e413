import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import type { DispatcherFacts } from '../../src/dispatcher';
import { dispatcherFacts } from '../../src/runner/dispatcherFacts';
import { makeExecutableInGit } from '../../src/runner/gitFacts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'facts-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string, mode = 0o644): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  fs.chmodSync(file, mode);
  return file;
}

function git(...args: readonly string[]): void {
  execFileSync('git', ['-c', 'core.autocrlf=false', ...args], { cwd: folder, stdio: 'ignore' });
}

function facts(
  file: string,
  options: Partial<Parameters<typeof dispatcherFacts>[1]> = {},
): Promise<DispatcherFacts> {
  return dispatcherFacts(file, { isTrusted: true, interpreter: 'python3', ...options });
}

describe('git', () => {
  it('is asked for mode, endings and attributes', async () => {
    const file = write('a b.fcgi', '#!/bin/sh\r\n');
    expect((await facts(file)).git).toBeUndefined();
    git('init', '-q');
    expect((await facts(file)).git).toBeUndefined();
    git('add', '.');
    const wrong = { isExecutable: false, endings: 'crlf', keepsLf: false, writesCrlf: false };
    expect((await facts(file)).git).toEqual(wrong);
    git('config', 'core.autocrlf', 'true');
    await makeExecutableInGit(file);
    expect((await facts(file)).git).toEqual({ ...wrong, isExecutable: true, writesCrlf: true });
    write('.gitattributes', '*.fcgi text eol=lf\n');
    expect((await facts(file)).git).toMatchObject({ keepsLf: true });
  });

  it('says in its own words what it refuses', async () => {
    await expect(makeExecutableInGit(write('x.fcgi', ''))).rejects.toThrow(/not a git repository/i);
  });
});

describe('Python', () => {
  it('finds modules beside the script, and in its packages', async () => {
    write('app.py', '');
    write('site_code/__init__.py', '');
    write('Views.py', '');
    const { pythonModule } = await facts(write('dispatch.fcgi', ''));
    expect(
      ['app', 'site_code', 'views', 'no_such_module_anywhere'].map((name) => pythonModule?.(name)),
    ).toEqual(['beside', 'beside', 'other-case', 'nowhere']);
  });

  it('looks into the virtual environment that the first line names', async () => {
    write('venv/pyvenv.cfg', '');
    write('venv/lib/python3.11/site-packages/flask/__init__.py', '');
    const interpreter = path.join(folder, 'venv/bin/python');
    write('venv/lib/python3.11/site-packages/flup6-1.1.1.dist-info/METADATA', '');
    const { pythonModule, hasPythonPackage } = await facts(write('dispatch.fcgi', ''), { interpreter });
    expect([hasPythonPackage?.('flup6'), hasPythonPackage?.('flup')]).toEqual([true, false]);
    expect([pythonModule?.('flask'), pythonModule?.('django_')]).toEqual(['installed', 'nowhere']);
  });
});

describe('the site', () => {
  const place = { host: hostProfile({ addHandler: {} }), folder: '', documentRoot: '' };
  const served = async (rules: string, host: Parameters<typeof hostProfile>[0] = {}): Promise<unknown> => {
    write('.htaccess', rules);
    const file = write('cgi/dispatch.fcgi', '#!/bin/sh\n');
    return (await facts(file, { place: { host: hostProfile(host), folder, documentRoot: folder } })).served;
  };

  it.each([
    ['', {}, 'run'],
    ['', { addHandler: {} }, 'source'],
    ['AddHandler fcgid-script .fcgi\n', { addHandler: {} }, 'run'],
    ['Options -ExecCGI\n', {}, 'no-exec-cgi'],
    ['Redirect 410 /\n', {}, undefined],
    ['RewriteEngine On\nRewriteRule . /index.html\n', {}, undefined],
  ])('with %j and the host %j makes of the file: %s', async (rules, host, expected) => {
    expect(await served(rules, host)).toBe(expected);
  });

  it('is not asked about what lies outside', async () => {
    const file = write('x.fcgi', '');
    const inside = path.join(folder, 'www');
    expect((await facts(file, { place: { ...place, folder, documentRoot: inside } })).served).toBeUndefined();
  });
});

it('reads and starts nothing outside without trust', async () => {
  git('init', '-q');
  const file = write('x.fcgi', '', 0o755);
  git('add', '.');
  expect(await facts(file, { isTrusted: false })).toEqual({ path: file, mode: 0o755 });
});
