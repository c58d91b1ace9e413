import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { DEFAULT_PROJECT, HOST_PRESETS, parseHost, parseProject, resolveTarget } from '../../src/project';
import { BAD, GOOD } from './samples';

describe('a project file', () => {
  test.each(Object.entries(GOOD))('takes %s', (_, value) => {
    expect(parseProject(JSON.stringify(value)).problems).toEqual([]);
  });

  test.each(Object.entries(BAD))('refuses %s, and says where', (_, { value, path }) => {
    const { problems } = parseProject(JSON.stringify(value));
    expect(problems.map((one) => one.path)).toEqual([path]);
    expect(problems[0]?.message).toMatch(/^(?:"|The project file )/);
    expect(problems[0]?.message).toMatch(/[.]$/);
  });

  test('never repeats a secret', () => {
    for (const { value } of Object.values(BAD)) {
      const parsed = parseProject(JSON.stringify(value));
      expect(JSON.stringify(parsed)).not.toMatch(/hunter2|me:secret|BEGIN OPENSSH/);
    }
  });

  test('says where secrets belong', () => {
    const { problems } = parseProject(
      '{ "targets": { "p": { "ssh": "web", "path": "/a", "passPhrase": "x" } } }',
    );
    expect(problems).toMatchObject([{ code: 'secret', severity: 'error' }]);
    expect(problems[0]?.message).toContain('secret storage');
  });

  test('has defaults for a public_html with a dispatcher', () => {
    expect(DEFAULT_PROJECT).toEqual({
      documentRoot: '.',
      advice: {},
      host: hostProfile(),
      runner: { port: 8400, mode: 'kind', handlers: {}, processes: 4, environment: {} },
      targets: {},
    });
  });

  test('may have comments and trailing commas', () => {
    const text = '// site\n{ "documentRoot": "./web//", /* here */ "runner": { "port": 9000, }, }\n';
    const { project, problems } = parseProject(text);
    expect(problems).toEqual([]);
    expect(project.documentRoot).toBe('web');
    expect(project.runner).toEqual({ ...DEFAULT_PROJECT.runner, port: 9000 });
  });

  test('keeps the rest when one field is wrong', () => {
    const { project, problems } = parseProject(
      '{ "runner": { "port": "x", "processes": 3 }, "targets": { "a": { "ssh": "s" }, "b": { "ssh": "s", "path": "/b" } } }',
    );
    expect(problems).toHaveLength(2);
    expect(project.runner).toMatchObject({ port: 8400, processes: 3 });
    expect(Object.keys(project.targets)).toEqual(['b']);
  });

  test('keeps what was read before a syntax error', () => {
    const { project, problems } = parseProject('{ "documentRoot": "web", "runner": { "port": 12');
    expect(problems).toMatchObject([{ code: 'syntax', path: [] }]);
    expect(project.documentRoot).toBe('web');
  });

  test('shows a problem at the name of its field', () => {
    const text = '{\n  "runner": {\n    "port": 99999\n  }\n}';
    const [problem] = parseProject(text).problems;
    expect(problem).toMatchObject({ line: 2, character: 4, offset: text.indexOf('"port"'), length: 6 });
    expect(problem?.message).toBe('"runner.port" must be a whole number from 0 to 65535.');
  });

  test('shows a missing field at the object that lacks it', () => {
    const text = '{ "targets": { "p": { "ssh": "web" } } }';
    const [problem] = parseProject(text).problems;
    expect(text.slice(problem?.offset, (problem?.offset ?? 0) + (problem?.length ?? 0))).toBe('"p"');
    expect(problem?.message).toBe('"targets.p.path" is missing.');
  });

  test('reports a default target that is none', () => {
    const { problems } = parseProject('{ "defaultTarget": "live" }');
    expect(problems).toMatchObject([{ code: 'unknown-target', path: ['defaultTarget'] }]);
  });

  test('reports every unknown field, as a warning', () => {
    const { problems } = parseProject('{ "a": 1, "b": 2, "runner": { "c": 3 } }');
    expect(problems.map((one) => one.severity)).toEqual(['warning', 'warning', 'warning']);
    expect(problems.map((one) => one.path.join('.')).sort()).toEqual(['a', 'b', 'runner.c']);
  });

  test('survives deep nesting and odd names', () => {
    expect(parseProject('['.repeat(100_000)).problems.map((one) => one.code)).toEqual(['syntax']);
    expect(parseProject('{ "__proto__": { "documentRoot": "x" } }').project.documentRoot).toBe('.');
    expect(
      parseProject(`{ "targets": ${JSON.stringify({ constructor: { ssh: 's', path: '/c' } })} }`).problems,
    ).toEqual([]);
  });

  test('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '/*',
      '*/',
      '//',
      '\n',
      '1',
      'null',
      '"ssh"',
      '"targets"',
      ' ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((parts) => parts.join('')),
      fc.json(),
    );
    fc.assert(
      fc.property(text, (source) => {
        const { project, problems } = parseProject(source);
        expect(project.runner.port).toBeGreaterThanOrEqual(0);
        for (const { offset, length } of problems)
          expect(offset + length).toBeLessThanOrEqual(source.length + 1);
      }),
      { numRuns: 1000 },
    );
  });

  test('reads every JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(
        fc.record({ a: fc.string(), b: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
        ({ a, b }) => {
          const value = { runner: { environment: { A: a } }, b };
          const controls = /[\u0000-\u001F\u007F]/.test(a);
          const { project } = parseProject(JSON.stringify(value, undefined, 2));
          expect(project.runner.environment).toEqual(controls ? {} : { A: a });
        },
      ),
    );
  });
});

describe('a host', () => {
  test('is described by a preset or by fields', () => {
    expect(parseHost('ubuntu-22.04').host).toEqual(hostProfile({ apache: '2.4.52' }));
    expect(parseHost({ port: 443, https: true }).host).toEqual(hostProfile({ port: 443, https: true }));
    expect(parseHost(undefined)).toEqual({ host: hostProfile(), faults: [] });
  });

  test('keeps its good fields', () => {
    const { host, faults } = parseHost({ port: 'x', serverName: 'a.example', later: 1 });
    expect(host).toEqual(hostProfile({ serverName: 'a.example' }));
    expect(faults.map((one) => [one.code, one.path])).toEqual([
      ['invalid', ['port']],
      ['unknown-field', ['later']],
    ]);
  });

  test('has presets that are themselves well formed', () => {
    for (const preset of Object.values(HOST_PRESETS)) expect(parseHost(preset).faults).toEqual([]);
  });
});

test('permissions of a target become bits', () => {
  const modes = { files: '640', programs: '0750' };
  const text = JSON.stringify({ targets: { a: { ssh: 'web', path: '/a', modes } } });
  expect(parseProject(text).project.targets['a']?.modes).toEqual({ files: 0o640, programs: 0o750 });
});

describe('the target that is meant', () => {
  const one = parseProject(
    '{ "targets": { "live": { "ssh": "web", "path": "/a", "url": "https://a.example" } } }',
  ).project;
  const two = parseProject(
    '{ "targets": { "live": { "ssh": "web", "path": "/a" }, "test": { "ssh": "web", "path": "/b" } } }',
  ).project;

  test('is the only one', () => {
    expect(resolveTarget(one)).toEqual({
      target: {
        name: 'live',
        ssh: 'web',
        path: '/a',
        url: 'https://a.example/',
        ignore: [],
        reload: 'auto',
        ask: true,
        tryPrograms: true,
        host: hostProfile(),
      },
    });
  });

  test('is the named one, or the default', () => {
    expect(resolveTarget(two, 'test')).toMatchObject({ target: { path: '/b' } });
    expect(resolveTarget({ ...two, defaultTarget: 'test' })).toMatchObject({ target: { path: '/b' } });
  });

  test.each([
    ['none', DEFAULT_PROJECT, undefined, /No target is described/],
    ['several', two, undefined, /name one: "live", "test"/],
    ['another', two, 'toString', /no target "toString"/],
  ])('is unclear with %s', (_, project, name, message) => {
    expect(resolveTarget(project, name)).toEqual({ problem: expect.stringMatching(message) as string });
  });
});
