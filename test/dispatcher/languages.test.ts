import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkDispatcher,
  fixedText,
  interpreterOf,
  type DispatcherFacts,
  type DispatcherProblem,
  type ModulePlace,
} from '../../src/dispatcher';
import { REALISTIC } from './realistic';

const GOOD: Omit<DispatcherFacts, 'path'> = {
  mode: 0o755,
  hasProgram: () => true,
  git: { isExecutable: true, endings: 'lf', keepsLf: true, writesCrlf: false },
  served: 'run',
  pythonModule: (name) => (/^(?:app|fcgi|site_app|site_code)$/.test(name) ? 'beside' : 'installed'),
};

function problems(
  content: string | Uint8Array,
  facts: Partial<DispatcherFacts> = {},
): readonly DispatcherProblem[] {
  return checkDispatcher(content, { path: 'www/dispatch.fcgi', ...GOOD, ...facts });
}

/** Code, line and marked text of each finding. */
function found(content: string, facts: Partial<DispatcherFacts> = {}): string[] {
  const lines = content.split('\n');
  return problems(content, facts).map(
    ({ code, range: { start, end } }) =>
      `${code} ${start.line}:${lines[start.line]?.slice(start.character, end.character)}`,
  );
}

function fixed(content: string, facts: Partial<DispatcherFacts> = {}): string {
  const [problem] = problems(content, facts);
  return problem?.fix ? fixedText(content, problem.fix) : 'no fix';
}

const FLUP =
  '#!/usr/bin/env python3\nimport sys\nfrom flup.server.fcgi import WSGIServer\nfrom app import application\n';
const RUN = 'WSGIServer(application, debug=False).run()\n';

describe('nothing is said about', () => {
  test.each(Object.entries(REALISTIC))('%s', (name, text) => {
    const path = name.includes('as CGI') || name.includes('a CGI') ? 'x.cgi' : 'dispatch.fcgi';
    expect(problems(text, { path })).toEqual([]);
    expect(problems(Buffer.from(text), { path })).toEqual([]);
    expect(checkDispatcher(text, { path, mode: 0o755 })).toEqual([]);
  });
});

describe('Python', () => {
  test.each([
    [
      'import cgi\n',
      ['python.removed 4:cgi'],
      /With Python 3.13 or newer .* no module cgi since Python 3.13/,
    ],
    ['import os, cgitb as tb\n', ['python.removed 4:cgitb'], /cgitb/],
    ['from cgi import escape, FieldStorage\n', ['python.removed 4:cgi'], /cgi/],
    ['import imp\n', ['python.removed 4:imp'], /importlib/],
    ['import urllib2\n', ['python.removed 4:urllib2'], /^Apache answers 500: .* urllib.request/],
    ['x = time.clock()\n', ['python.removed 4:time.clock'], /since Python 3.8. Instead: time.perf_counter/],
    ['from collections import Mapping, OrderedDict\n', ['python.removed 4:collections'], /collections.abc/],
  ])('%j misses what is gone', (line, expected, words) => {
    expect(found(`${FLUP}${line}${RUN}`)).toEqual(expected);
    expect(problems(`${FLUP}${line}${RUN}`)[0]?.message).toMatch(words);
  });

  test('takes a module of the same name beside the script for what it is', () => {
    expect(found(`${FLUP}import cgi\n${RUN}`, { pythonModule: (): ModulePlace => 'beside' })).toEqual([]);
  });

  test.each([
    ["print('a')\n", "print('a', file=sys.stderr)\n"],
    ['print()\n', 'print(file=sys.stderr)\n'],
    ["print('a (', f(1),)\n", "print('a (', f(1), file=sys.stderr)\n"],
  ])('%j reaches nobody', (line, expected) => {
    expect(found(FLUP + line + RUN)).toEqual(['python.print 4:print']);
    expect(fixed(FLUP + line + RUN)).toBe(FLUP + expected + RUN);
  });

  test.each([
    ['WSGIServer(application).run()\n', 'WSGIServer(application, debug=False).run()\n'],
    [
      'WSGIServer(application,\n  bindAddress=None).run()\n',
      'WSGIServer(application,\n  bindAddress=None, debug=False).run()\n',
    ],
    [
      'flup.server.fcgi.WSGIServer(application).run()\n',
      'flup.server.fcgi.WSGIServer(application, debug=False).run()\n',
    ],
  ])('%j shows tracebacks by flup', (line, expected) => {
    expect(found(FLUP + line).map((one) => one.split(' ')[0])).toEqual(['python.traceback-shown']);
    expect(fixed(FLUP + line)).toBe(FLUP + expected);
  });

  test('shows tracebacks where it is asked to', () => {
    const own = '#!/usr/bin/env python3\nfrom fcgi import WSGIServer\nWSGIServer(1, debug=True).run()\n';
    expect(found(own)).toEqual(['python.traceback-shown 2:WSGIServer']);
    expect(found(`${FLUP}try:\n  import cgitb; cgitb.enable()\nexcept ImportError:\n  pass\n${RUN}`)).toEqual(
      ['python.traceback-shown 5:cgitb.enable'],
    );
    expect(found(`${FLUP}cgitb.enable(display=0, logdir="x")\ncgitb.enable(0)\n${RUN}`)).toEqual([]);
  });

  test('does not find a module', () => {
    const text = `${FLUP}import requests.auth, json\n${RUN}`;
    const nowhere = { pythonModule: (): ModulePlace => 'nowhere' };
    expect(found(text, nowhere)).toEqual([
      'python.import-missing 2:flup.server.fcgi',
      'python.import-missing 3:app',
      'python.import-missing 4:requests.auth',
    ]);
    expect(problems(text, nowhere)[0]?.severity).toBe('information');
    expect(found(`${FLUP}sys.path.insert(0, "lib")\nimport requests\n${RUN}`, nowhere)).toEqual([]);
    const other = problems(FLUP + RUN, {
      pythonModule: (name): ModulePlace => (name === 'app' ? 'other-case' : 'installed'),
    });
    expect(other).toMatchObject([{ severity: 'error', message: expect.stringContaining('capitals') }]);
  });

  test('sends text to wsgi.errors of flup6', () => {
    const text = `${FLUP}def f(environ):\n    environ['wsgi.errors'].write('a')\n    # environ['wsgi.errors'].write('b')\n    environ["wsgi.errors"].write(b'c')\n${RUN}`;
    const flup6 = { hasPythonPackage: (name: string) => name === 'flup6' };
    expect(found(text, flup6)).toEqual(["python.errors-text 5:environ['wsgi.errors'].write('"]);
    expect(found(text, { hasPythonPackage: () => false })).toEqual([]);
    expect(found(text)).toEqual([]);
  });

  test('reads UTF-8 only', () => {
    const latin = Buffer.from(`#!/usr/bin/env python3\n# J\xfcrgen\nimport fcgi\n`, 'latin1');
    expect(problems(latin)).toMatchObject([{ code: 'python.encoding', severity: 'error' }]);
    const named = Buffer.from(`#!/usr/bin/env python3\n# -*- coding: latin-1 -*-\n# J\xfcrgen\n`, 'latin1');
    expect(problems(named)).toEqual([]);
    expect(problems(Buffer.from('#!/usr/bin/perl\n# J\xfcrgen\nuse FCGI;\n', 'latin1'))).toEqual([]);
  });
});

describe('other languages', () => {
  test.each([
    [
      '#!/usr/bin/env php\n<?php\n',
      ['php.command-line 0:#!/usr/bin/env php'],
      '#!/usr/bin/env php-cgi\n<?php\n',
    ],
    ['#!/usr/bin/env php-cgi\n\n\n<?php\n', ['php.text-before 1:'], '#!/usr/bin/env php-cgi\n<?php\n'],
    [
      "#!/usr/bin/php-cgi\n<?php\nini_set('display_errors', 'On');\n",
      ["php.errors-shown 2:ini_set('display_errors', 'On')"],
      "#!/usr/bin/php-cgi\n<?php\nini_set('display_errors', '0');\n",
    ],
    [
      '#!/usr/bin/php-cgi\n<?php\n@ini_set("display_errors", 1);\n',
      ['php.errors-shown 2:ini_set("display_errors", 1)'],
      '#!/usr/bin/php-cgi\n<?php\n@ini_set("display_errors", \'0\');\n',
    ],
    [
      '#!/usr/bin/perl\nuse CGI::Carp qw(fatalsToBrowser);\nuse FCGI;\n',
      ['perl.fatals-shown 1:use CGI::Carp qw(fatalsToBrowser);'],
      '#!/usr/bin/perl\nuse CGI::Carp;\nuse FCGI;\n',
    ],
    [
      '#!/usr/bin/perl\nuse CGI::Carp qw(carpout fatalsToBrowser);\nuse FCGI;\n',
      ['perl.fatals-shown 1:use CGI::Carp qw(carpout fatalsToBrowser);'],
      'no fix',
    ],
    [
      '#!/bin/sh\necho "Content-Type: text/plain"\necho\ndate\n',
      ['dispatcher.plain-cgi 0:#!/bin/sh'],
      'no fix',
    ],
    [
      '#!/usr/bin/env python3\nimport os\nprint("Content-Type: text/html\\n")\n',
      ['dispatcher.plain-cgi 0:#!/usr/bin/env python3'],
      'no fix',
    ],
  ])('%j', (text, expected, mended) => {
    expect(found(text)).toEqual(expected);
    expect(fixed(text)).toBe(mended);
  });
});

describe('what surrounds a dispatcher', () => {
  const text = '#!/usr/bin/env python\nimport fcgi\n';

  test('is a machine without its interpreter', () => {
    const only3 = { hasProgram: (name: string) => name === 'python3' };
    expect(problems(text, only3)).toMatchObject([
      { code: 'dispatcher.interpreter-missing', severity: 'warning' },
    ]);
    expect(fixed(text, only3)).toBe('#!/usr/bin/env python3\nimport fcgi\n');
    const path = { hasProgram: (name: string) => name === '/usr/bin/python3' };
    expect(fixed('#!/usr/bin/python -u\nimport fcgi\n', path)).toBe('#!/usr/bin/python3 -u\nimport fcgi\n');
    expect(fixed('#!/usr/bin/env -S python -u\nimport fcgi\n', only3)).toBe(
      '#!/usr/bin/env -S python3 -u\nimport fcgi\n',
    );
    expect(fixed(text, { hasProgram: () => false })).toBe('no fix');
  });

  test('is git', () => {
    const git = { isExecutable: true, endings: 'lf', keepsLf: false, writesCrlf: false } as const;
    expect(found(text, { git })).toEqual([]);
    expect(problems(text, { git: { ...git, isExecutable: false } })).toMatchObject([
      { code: 'git.not-executable', fix: { kind: 'git-mode' } },
    ]);
    for (const wrong of [{ endings: 'crlf' }, { endings: 'mixed' }, { writesCrlf: true }] as const)
      expect(problems(text, { git: { ...git, ...wrong } })).toMatchObject([
        { code: 'git.line-endings', fix: { kind: 'keep-lf' } },
      ]);
    expect(found(text, { git: { ...git, writesCrlf: true, keepsLf: true } })).toEqual([]);
  });

  test('is a site that does not run it', () => {
    expect(problems(text, { served: 'source' })[0]?.message).toMatch(/sends its source/);
    expect(problems(text, { served: 'no-exec-cgi' })[0]?.message).toMatch(/answers 403/);
  });

  test.each([
    ['#!/usr/bin/env -S python3 -u\n', 'python3'],
    ['#!/usr/bin/env A=b perl\n', 'perl'],
    ['#! /bin/sh -e\r\n', '/bin/sh'],
    ['#!/usr/bin/env\n', undefined],
    ['\x7fELF', undefined],
  ])('%j names %s', (line, program) => {
    expect(interpreterOf(line)).toBe(program);
  });
});

test('every change of every fix lies inside the text, whatever the text is', () => {
  const pieces = fc.constantFrom(
    '#!/usr/bin/env python3\n',
    '#!/usr/bin/php-cgi\n',
    '#!/usr/bin/perl\n',
    'import cgi\n',
    'from flup.server.fcgi import WSGIServer\n',
    'WSGIServer(',
    'print(',
    ')',
    '"""',
    "'",
    '#',
    '\\',
    '\r\n',
    '\n',
    "ini_set('display_errors', 1)\n",
    '<?php',
    'use CGI::Carp qw(fatalsToBrowser);',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const text = parts.join('');
      for (const { fix, range } of problems(text, { pythonModule: (): ModulePlace => 'nowhere' })) {
        const lines = text.split(/\r\n|\r|\n/);
        expect(range.end.character).toBeLessThanOrEqual(lines[range.end.line]?.length ?? -1);
        if (fix) fixedText(text, fix);
      }
    }),
    { numRuns: 3000 },
  );
});

test('takes linear time', () => {
  const parts = [
    'print(',
    'print()',
    'WSGIServer(',
    '"""',
    'import a, \n',
    'cgitb.enable(\n',
    ' \n',
    '\t',
    'a,',
  ];
  const timeOf = (part: string, count: number): number => {
    const text = `#!/usr/bin/env python3\nimport flup, fcgi\n${part.repeat(count)}`;
    const began = process.cpuUsage();
    problems(text);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
  for (const part of parts) {
    timeOf(part, 5000);
    const [short, long] = [timeOf(part, 10_000), timeOf(part, 40_000)];
    // Four times the text: four times the time, not sixteen; what is over at once tells nothing.
    expect([part, long < 2000 || long < short * 10]).toEqual([part, true]);
  }
});

describe('Ruby', () => {
  const head = "#!/usr/bin/env ruby\nrequire 'fcgi'\n";

  test('what is printed reaches nobody', () => {
    const text = `${head}puts 'starting'\nFCGI.each do |request|\n  print "x"\n  request.out.print "a"\n  $stderr.puts 'b'\n  request.finish\nend\n`;
    expect(found(text)).toEqual(['ruby.print 2:puts', 'ruby.print 4:print']);
    expect(fixed(text)).toContain("\n$stderr.puts 'starting'\n");
    expect(found(`${head}p request\n`)).toEqual(['ruby.print 2:p']);
  });

  test.each([
    [
      'in a program that is no FastCGI',
      "#!/usr/bin/env ruby\nrequire 'cgi'\nputs 'Content-Type: text/html'\n",
    ],
    ['where standard output is another', `${head}$stdout = STDERR\nputs 'x'\n`],
    [
      'in comments, here documents and data',
      `${head}# puts 1\n=begin\nputs 1\n=end\nx = <<~TEXT\n  puts 1\nTEXT\n__END__\nputs 1\n`,
    ],
    ['of the same name as a variable', `${head}p = 1\np.to_s\nprint_all\nputs_to request\n`],
  ])('nothing is said %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  test('names that are gone are replaced', () => {
    const text = `${head}x = 1 if File.exists?('a')\ny = Fixnum\n# File.exists?\nz = 'File.exists?'\nFile.exist?('b')\n`;
    expect(found(text)).toEqual(['ruby.removed 2:File.exists?', 'ruby.removed 3:Fixnum']);
    expect(fixed(text)).toContain("x = 1 if File.exist?('a')\n");
  });
});
