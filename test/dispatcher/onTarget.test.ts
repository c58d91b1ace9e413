import { describe, expect, test } from 'vitest';
import { checkDispatcher, fixedText, type OnTarget } from '../../src/dispatcher';
import { otherProgramNames } from '../../src/dispatcher/onTarget';

const ENV = '#!/usr/bin/env python\nimport os\n';
const PATH = '#!/opt/python/bin/python3.9\nimport os\n';

function problems(content: string, ...onTargets: OnTarget[]) {
  return checkDispatcher(content, { path: 'dispatch.fcgi', mode: 0o755, onTargets });
}

const without = (program: string, others: string[]): OnTarget => ({
  target: 'web',
  interpreters: new Map([[program, { found: false, others }]]),
});

describe('what is known of a dispatcher on targets', () => {
  test('says nothing where nothing is known, or all is well', () => {
    const found = new Map([['python', { found: true, others: [] }]]);
    const owner = { file: 1000, folder: 1000 };
    expect(problems(ENV)).toEqual([]);
    expect(problems(ENV, { target: 'web' })).toEqual([]);
    expect(problems(ENV, { target: 'web', mode: 0o755, owner, interpreters: found })).toEqual([]);
    expect(problems(ENV, without('python9', []))).toEqual([]);
  });

  test('modes are told for each target, with a fix for that target', () => {
    const [one, other, ...rest] = problems(
      ENV,
      { target: 'web', mode: 0o644 },
      { target: 'old', mode: 0o775 },
    );
    expect(rest).toEqual([]);
    expect(one).toMatchObject({
      code: 'target.not-executable',
      severity: 'error',
      message: expect.stringMatching(/^On web Apache answers 500: .*dispatch\.fcgi.*mode 644/),
      fix: { kind: 'set-mode-on-target', target: 'web', mode: 0o755, title: 'Set the mode on web to 755' },
    });
    expect(other).toMatchObject({
      code: 'target.writable-by-others',
      severity: 'warning',
      message: expect.stringMatching(/^If old has suEXEC.*mode 775 lets its group change/),
      fix: { kind: 'set-mode-on-target', target: 'old', mode: 0o755 },
    });
    expect(one?.fix && fixedText(ENV, one.fix)).toBe(ENV);
  });

  test.each([
    [{ file: 0, folder: 1000 }, /belongs to root and its folder to another account \(1000\)/],
    [{ file: 33, folder: 1000 }, /belongs to another account \(33\)/],
  ])('an owner that suEXEC refuses is told: %j', (owner, words) => {
    expect(problems(ENV, { target: 'web', owner })).toMatchObject([
      { code: 'target.owner', severity: 'warning', message: expect.stringMatching(words) },
    ]);
  });

  test.each([
    [ENV, 'python', ['/usr/bin/python3'], 127, '#!/usr/bin/env python3\nimport os\n'],
    [PATH, '/opt/python/bin/python3.9', ['/usr/bin/python3'], 255, '#!/usr/bin/python3\nimport os\n'],
    [
      '#!/usr/bin/env -S python -u\n',
      'python',
      ['/usr/local/bin/python3'],
      127,
      '#!/usr/bin/env -S python3 -u\n',
    ],
  ])(
    'an interpreter that it lacks is replaced by one that it has: %j',
    (text, program, others, code, after) => {
      const [problem] = problems(text, without(program, others));
      expect(problem).toMatchObject({ code: 'target.interpreter-missing', severity: 'error' });
      expect(problem?.message).toContain(`the server has no ${program}`);
      expect(problem?.message).toContain(`exit code ${code}`);
      expect(problem?.fix && fixedText(text, problem.fix)).toBe(after);
    },
  );

  test('without another one there is no fix', () => {
    const [problem] = problems(ENV, without('python', []));
    expect(problem?.message).toMatch(/ask your host/);
    expect(problem?.fix).toBeUndefined();
  });

  test('what is missing here is told with what is known of the servers', () => {
    const check = (...onTargets: OnTarget[]) =>
      checkDispatcher(PATH, { path: 'a.fcgi', mode: 0o755, hasProgram: () => false, onTargets })
        .filter(({ code }) => code === 'dispatcher.interpreter-missing')
        .map(({ message }) => message)
        .join('');
    const found = new Map([['/opt/python/bin/python3.9', { found: true, others: [] }]]);
    expect(check()).toMatch(/On the server there may be one\.$/);
    expect(check({ target: 'web', interpreters: found })).toMatch(/started here\. web has it\.$/);
    expect(check(without('/opt/python/bin/python3.9', []))).toMatch(/started here\.$/);
  });

  test.each([
    ['python', ['python3']],
    ['python2', []],
    ['/usr/bin/python2.7', ['python2.7']],
    ['/opt/x/python3.9', ['python3.9', 'python3']],
    ['php', ['php-cgi']],
    ['/opt/php/php-cgi8.1', ['php-cgi8.1', 'php-cgi']],
    ['/usr/local/bin/perl', ['perl', 'perl3']],
    ['ruby2.7', ['ruby']],
  ])('instead of %s are looked for %j', (program, names) => {
    expect(otherProgramNames(program)).toEqual(names);
  });
});
