import { describe, expect, it } from 'vitest';
import type { DispatcherProcess } from '../../src/runner/dispatcherProcess';
import { exitInWords } from '../../src/runner/processEnd';

/** What is said of a program that ended with exit code 3, by what it had answered and written. */
function said({ answered = 0, recentOutput = '' }): string {
  const exit = { code: 3, signal: null };
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
});
