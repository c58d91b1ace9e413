import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { programStart } from '../../src/runner';

const folder = mkdtempSync(path.join(tmpdir(), 'program-'));
const python = path.join(folder, 'python3');
writeFileSync(python, '');
chmodSync(python, 0o755);
afterAll(() => rmSync(folder, { recursive: true }));

function start(firstLine: string) {
  const file = path.join(folder, 'run.fcgi');
  writeFileSync(file, `${firstLine}\n`);
  return programStart(file, folder);
}

describe('what a dispatcher is started by', () => {
  it.each([
    ['#!/usr/bin/env python3', 'python', [python]],
    ['#!/usr/bin/env -S python3 -u', 'python', [python, '-u']],
    ['#!/home/me/.venv/bin/python3.11 -E', 'python', ['/home/me/.venv/bin/python3.11', '-E']],
    ['#!/usr/bin/php-cgi8.2', 'php', ['/usr/bin/php-cgi8.2']],
    ['#!/usr/bin/env perl', 'perl', ['perl']],
    ['#! /usr/bin/ruby', 'ruby', ['/usr/bin/ruby']],
    ['#!/bin/sh', undefined, ['/bin/sh']],
    ['\x7fELF', undefined, []],
  ])('%s', (firstLine, language, command) => {
    expect(start(firstLine)).toEqual({ language, command });
  });

  it('of a missing file is nothing', () => {
    expect(programStart(path.join(folder, 'none'), folder)).toEqual({ language: undefined, command: [] });
  });
});
