import { describe, expect, it } from 'vitest';
import type { DispatcherProcess } from '../../src/runner/dispatcherProcess';
import { exitInWords } from '../../src/runner/processEnd';

/** What is said of a program that ended with exit code 3, or by a signal, by what it had answered and written. */
function said({ answered = 0, recentOutput = '', signal = '' }): string {
  const exit = signal === '' ? { code: 3, signal: null } : { code: null, signal };
  return exitInWords({ file: '/site/dispatch.fcgi', exit, answered, recentOutput } as DispatcherProcess);
}

describe('a program that ended by itself', () => {
  it('points at what it wrote', () => {
    expect(said({ recentOutput: 'the database is locked\n' })).toBe(
      'dispatch.fcgi ended with exit code 3 before it had answered a request. What it wrote says why.',
    );
  });

  it('is not said to have written why where it wrote nothing', () => {
    expect(said({ recentOutput: '\n' })).toBe(
      'dispatch.fcgi ended with exit code 3 before it had answered a request. It wrote no error.',
    );
    expect(said({ answered: 2 })).toBe(
      'dispatch.fcgi ended with exit code 3 while it handled the request. It wrote no error.',
    );
  });

  it('is said to have crashed, or to have been killed, where it wrote nothing', () => {
    expect(said({ signal: 'SIGSEGV', answered: 1 })).toMatch(
      /^dispatch\.fcgi was killed by SIGSEGV while it handled the request\. .* the interpreter, or an extension/,
    );
    expect(said({ signal: 'SIGKILL' })).toMatch(/too much memory/);
    expect(said({ signal: 'SIGSEGV', recentOutput: 'free(): invalid pointer\n' })).toMatch(/says why\.$/);
    expect(said({ signal: 'SIGTERM' })).toMatch(/It wrote no error\.$/);
  });
});
