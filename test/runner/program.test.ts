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
  return programStart({ file, program: file, args: [], folder }, folder);
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
    const script = [path.join(folder, 'run.fcgi')];
    expect(start(firstLine)).toEqual({ language, command, script });
  });

  it('of a missing file is nothing', () => {
    const file = path.join(folder, 'none');
    const nothing = { language: undefined, command: [], script: [file] };
    expect(programStart({ file, program: file, args: [], folder }, folder)).toEqual(nothing);
  });

  it.each(['php-cgi', '/usr/bin/php-cgi8.2'])(
    '%s as a command of its own is told the file later',
    (program) => {
      const command = { file: program, program, args: ['-d', 'a=b'], folder: '/' };
      expect(programStart(command, folder)).toEqual({
        language: 'php',
        command: [program, '-d', 'a=b'],
        script: [],
      });
    },
  );
});
