import { describe, expect, test } from 'vitest';
import {
  answerInWords,
  endInWords,
  trialMarkdown,
  type Trial,
  type TrialReport,
} from '../../src/dispatcher/trial';

const GOOD: Trial = {
  ok: true,
  message: 'Asked as by the server it answered with status 200.',
  status: 200,
  contentType: 'text/html',
  body: '<h1>Hi</h1>\n'.repeat(40),
  errorOutput: '',
  milliseconds: 12.4,
};

const REPORT: TrialReport = {
  dispatcher: 'my_site/a*b.fcgi',
  ok: true,
  fault: null,
  problems: [],
  facts: ['/usr/bin/python3, version 3.11.2'],
  shell: GOOD,
  server: GOOD,
};

test.each([
  [200, /^Asked as by the server it answered with status 200\.$/],
  [400, /status 400\. That comes from the program: the dispatcher works\. .*ALLOWED_HOSTS/],
  [404, /status 404\. That comes from the program, which has no such page .*the dispatcher works\.$/],
  [500, /status 500\.$/],
])("says of a program's own %i that the dispatcher works", (status, words) => {
  expect(answerInWords(status)).toMatch(words);
});

describe('the report', () => {
  test('says first whether it works, and quotes the start of the page', () => {
    const text = trialMarkdown(REPORT, 'on production');
    expect(text).toMatch(/^# my\\_site\/a\\\*b.fcgi\n\n✓ \*\*It works\*\* on production/);
    expect(text).toContain('## ✓ As the web server starts it\n\n_FastCGI');
    expect(text).toContain('(12 ms, text/html)');
    expect(text.match(/<h1>Hi/g)).toHaveLength(24);
  });

  test('gives the reason of a page that failed, and the end of what was written', () => {
    const errorOutput = `${'x'.repeat(9000)}\nModuleNotFoundError: No module named 'flask'\n`;
    const server = { ...GOOD, ok: false, status: 500, message: 'It answered with status 500.', errorOutput };
    const text = trialMarkdown({ ...REPORT, ok: false, server, shell: null }, 'here');
    expect(text).toContain("status 500. No module named 'flask': install it");
    expect(text.length).toBeLessThan(6000);
    expect(text).toMatch(/ModuleNotFoundError: No module named 'flask'\n```/);
  });

  test('is not broken by what a program writes', () => {
    const server = { ...GOOD, errorOutput: '```\n# x\n````\n<script>' };
    expect(trialMarkdown({ ...REPORT, server }, 'here')).toContain(
      '\n`````text\n```\n# x\n````\n<script>\n`````\n',
    );
    const fault = trialMarkdown(
      { ...REPORT, ok: false, fault: 'No <b>\n# head `x`', shell: null, server: null },
      'x',
    );
    expect(fault).toContain('\nNo \\<b\\> \\# head \\`x\\`\n');
  });

  test('links what an error output names', () => {
    const server = { ...GOOD, errorOutput: 'in a_b.py, line 3' };
    const links = (output: string) =>
      output === '' ? [] : [{ label: 'a_b.py:3', address: '/x%20y/a_b.py#L3' }];
    const text = trialMarkdown({ ...REPORT, server }, 'x', links);
    expect(text).toContain('```\n\nOpen [a\\_b.py:3](</x%20y/a_b.py#L3>)\n');
    expect(text.match(/Open /g)).toHaveLength(1);
  });

  test('names what the file shows', () => {
    const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 1 } };
    const problems = [{ code: 'python.print', severity: 'warning', message: 'Prints.', range }] as const;
    expect(trialMarkdown({ ...REPORT, problems }, 'x')).toContain('- ⚠ line 3: Prints. `python.print`\n');
  });
});

describe('an end before the answer', () => {
  const end = { exitCode: null, signal: null, stoppedAfter: null, errorOutput: '' };
  test.each([
    [
      { exitCode: 1, errorOutput: "ImportError: cannot import name 'x'" },
      /cannot import name 'x': install it/,
    ],
    [
      { exitCode: 2, errorOutput: "Can't locate Foo/Bar.pm in @INC (you may" },
      /does not find Foo::Bar: install/,
    ],
    [{ exitCode: 1, errorOutput: 'cannot load such file -- rack (LoadError)' }, /does not find rack/],
    [
      { exitCode: 2, errorOutput: "python3: can't open file 'x': [Errno 13] Permission denied" },
      /may not read/,
    ],
    [{ exitCode: 126, errorOutput: '/a/d.fcgi: 6: exec: ./shim: Permission denied' }, /start \.\/shim: make/],
    [{ exitCode: 126, errorOutput: 'd.fcgi: line 2: /a/shim: Permission denied' }, /start \/a\/shim: make/],
    [
      { exitCode: 126, errorOutput: 'd.fcgi: line 2: exec: /a/shim: cannot execute: Permission denied' },
      /start \/a\/shim: make/,
    ],
    [{ exitCode: 127, errorOutput: 'd.fcgi: 2: exec: ./none: not found' }, /not find \.\/none: mend/],
    [{ exitCode: 127, errorOutput: 'd.fcgi: line 2: none: command not found\n' }, /not find none: mend/],
    [
      { exitCode: 127, errorOutput: 'd.fcgi: line 2: /opt/node: No such file or directory\n' },
      /not find \/opt\/node: mend/,
    ],
    [
      { exitCode: 2, errorOutput: 'd.fcgi: 3: .: cannot open /v/bin/activate: No such file' },
      /virtual environment with \/v\/bin\/activate/,
    ],
    [
      { exitCode: 127, errorOutput: 'd.fcgi: line 2: /v/bin/activate: No such file or directory' },
      /virtual environment with \/v\/bin\/activate/,
    ],
    [
      {
        exitCode: 1,
        errorOutput:
          "x.rb:269:in `b': Could not find gem 'sinatra' in locally installed gems. (Bundler::GemNotFound)",
      },
      /gems of the Gemfile \(sinatra\): run/,
    ],
    [
      {
        exitCode: 1,
        errorOutput:
          "x.rb:4:in `m': Could not find a-1, b-2, c-3, d-4, e-5 in any of the sources (Bundler::GemNotFound)",
      },
      /\(a-1, b-2, c-3, …\): run/,
    ],
    [{ exitCode: 255, errorOutput: 'exec: No such file or directory\n' }, /interpreter .* was not found/],
    [{ exitCode: 127 }, /exit code 127 .* not found/],
    [{ exitCode: 126 }, /may not be executed/],
    [{ exitCode: 0 }, /plain CGI program/],
    [{ exitCode: 0, errorOutput: 'x' }, /says why/],
    [{ exitCode: 3 }, /wrote no error/],
    [{ signal: 'signal 11' }, /killed by signal 11/],
    [{ stoppedAfter: 10_000 }, /did not answer for 10 s/],
  ])('%j', (facts, words) => {
    expect(endInWords({ ...end, ...facts })).toMatch(words);
  });
});
