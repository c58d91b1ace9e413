import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nodesOf,
  parseExpr,
  type ExprNode,
  type ExprOptions,
  type ParsedExpr,
} from '../../../src/apache/expr';
import { parserStates } from '../../../src/apache/expr/automaton';
import { ExprGenerator } from './generate';

const MODULES = ['core', 'mod_ssl', 'mod_proxy_hcheck'];

function parse(text: string, options: Partial<ExprOptions> = {}): ParsedExpr {
  return parseExpr(text, { mode: 'condition', modules: MODULES, restricted: true, ...options });
}

function messageOf(text: string, options: Partial<ExprOptions> = {}): string | null {
  const parsed = parse(text, options);
  return 'problem' in parsed ? parsed.problem.message : null;
}

function nodes(text: string, options: Partial<ExprOptions> = {}): ExprNode[] {
  const { ast } = parse(text, options);
  return ast ? [...nodesOf(ast.root)] : [];
}

/** As Apache 2.4.71 answered inside `<If>`. */
const CONDITIONS: readonly (readonly [text: string, message: string | null])[] = [
  ['', 'syntax error, unexpected $end'],
  ['true', null],
  ['true and false or not true', null],
  ["-f '/x' && !(-d '/x' || 'a' in {'b', 'c'})", null],
  ['%{REQUEST_URI} =~ m#^/a/#i', null],
  ['%{HTTP_HOST}', 'syntax error, unexpected $end'],
  ["'a'", 'syntax error, unexpected $end'],
  ['%{FOO}', "syntax error, unexpected $end: Variable 'FOO' does not exist"],
  ['%{FOO} == 1', "Variable 'FOO' does not exist"],
  ['%{FOO} == %{BAR}', "Variable 'BAR' does not exist"],
  ['%{FOO} == %{BAR} %', "syntax error, unexpected T_ERROR, expecting $end: Parse error near '%'"],
  ['%{FOO} == %', "syntax error, unexpected T_ERROR: Parse error near '%'"],
  ['true true', 'syntax error, unexpected T_TRUE, expecting $end'],
  ['true ~', "syntax error, unexpected T_ERROR, expecting $end: Parse error near '~'"],
  ['~', "Parse error near '~'"],
  ['(true', "syntax error, unexpected $end, expecting T_OP_OR or T_OP_AND or ')'"],
  ['-n x', "syntax error, unexpected $end, expecting '('"],
  ["'a' =~ 'b'", 'syntax error, unexpected T_STR_BEGIN, expecting T_REGEX or T_REGEX_I'],
  ["'a' in 'b'", "syntax error, unexpected T_STR_BEGIN, expecting T_ID or '{'"],
  ["'a' =~ /(/", 'Failed to compile regular expression'],
  ['%{FOO} =~ /(/', "Failed to compile regular expression: Variable 'FOO' does not exist"],
  ["'a", 'Unterminated string or variable'],
  ["'a%{b", "syntax error, unexpected T_ERROR, expecting T_VAR_END or ':': Unterminated string or variable"],
  [
    "'a%{b'",
    "syntax error, unexpected T_ERROR, expecting T_VAR_END or ':': Invalid character in variable name '''",
  ],
  ["'\\777'", 'Escape sequence out of bound'],
  ["'\\128'", 'Bad escape sequence'],
  ["'a' =~ /unclosed", 'syntax error, unexpected $end, expecting T_REGEX or T_REGEX_I'],
  ['-foo 1', 'syntax error, unexpected T_OP_BINARY'],
  ["'a' -foo 1", "Binary operator '-foo' does not exist"],
  ["-Q 'a'", "Unary operator '-Q' does not exist"],
  ["-N 'a'", "Unary operator '-N' does not exist"],
  ["'a' -FNMATCH 'b'", null],
  ["nofunc('a') == 1", "Function 'nofunc' does not exist"],
  ["'a' in nolist('b')", "List-returning function 'nolist' does not exist"],
  ["'a' in peerextlist('b')", null],
  ["FILE('a') == 'b'", 'file not available in restricted context'],
  ["'a' -ipmatch '10.0.0.0/33'", 'parsing of subnet/netmask failed'],
  ["'a' -IPMATCH %{HTTP_HOST}", '-IPMATCH requires subnet/netmask as constant argument'],
  ["-R '10'.'.1'", '-R requires subnet/netmask as constant argument'],
  ['-R 10', '-R requires subnet/netmask as constant argument'],
  ["('a'.'b').'c' == 'x'", "syntax error, unexpected ')'"],
];

describe('parseExpr', () => {
  it.each(CONDITIONS)('judges the condition %s as Apache does', (text, message) => {
    expect(messageOf(text)).toBe(message);
  });

  it('has the parser states that the grammar leads to', () => {
    expect(parserStates()).toHaveLength(96);
  });

  it('takes anything as text in a string expression, but wants its variables whole', () => {
    const options = { mode: 'string' } as const;
    expect(messageOf('it\'s "100 %" }{ $ \\n %{HTTP_HOST}', options)).toBeNull();
    expect(messageOf('%{file:x}', options)).toBe('file not available in restricted context');
    expect(messageOf('%{file:x}', { ...options, restricted: false })).toBeNull();
    expect(messageOf('%{req:}', options)).toBe(
      'syntax error, unexpected T_VAR_END, expecting T_ERROR or T_STRING or T_REGEX_BACKREF or T_VAR_BEGIN',
    );
  });

  it.each([
    ['string', 'a\\', 1],
    ['condition', "'a\\", 2],
    ['condition', "%{req:it's} == 1", 8],
  ] as const)('tells that Apache does not survive the %s %s', (mode, text, offset) => {
    const parsed = parse(text, { mode });
    expect(parsed).toEqual({ problem: { message: 'flex scanner jammed', offset, length: 1, fatal: true } });
  });

  it('knows names by module and version', () => {
    expect(messageOf("%{SSL_ANY} == '' && %{hc_x} == '' && ssl('a') == hc('b')")).toBeNull();
    expect(messageOf("%{SSL_ANY} == ''", { modules: ['core'] })).toBe("Variable 'SSL_ANY' does not exist");
    expect(messageOf("%{REMOTE_PORT} == ''", { patch: 25 })).toBe("Variable 'REMOTE_PORT' does not exist");
    expect(messageOf("%{REMOTE_PORT} == ''", { patch: 26 })).toBeNull();
    expect(messageOf("ldap('a') == ''", { patch: 52 })).toBe("Function 'ldap' does not exist");
  });

  it('points at the offending token or name', () => {
    expect(parse('true  ~')).toMatchObject({ problem: { offset: 6, length: 1 } });
    expect(parse("%{FOO} == 'a'")).toMatchObject({ problem: { offset: 2, length: 3 } });
    expect(parse("'a' -foo 'b'")).toMatchObject({ problem: { offset: 4, length: 4 } });
  });

  it('gives the tree even where only names are unknown', () => {
    const known = nodes("%{FOO} == req('a')").filter((node) => 'known' in node);
    expect(known.map((node) => [node.name, node.known])).toEqual([
      ['FOO', false],
      ['req', true],
    ]);
  });

  it('binds "not" tighter than "and", and "and" tighter than "or"', () => {
    const { ast } = parse('not true and false or true');
    expect(ast?.root).toMatchObject({ kind: 'or', left: { kind: 'and', left: { kind: 'not' } } });
  });

  it('keeps source offsets', () => {
    const text = "tolower(%{HTTP_HOST}) == 'a'";
    const spans = nodes(text).map((node) => [node.kind, text.slice(node.start, node.end)]);
    expect(spans).toEqual([
      ['compare', text],
      ['call', 'tolower(%{HTTP_HOST})'],
      ['variable', '%{HTTP_HOST}'],
      ['string', 'a'],
    ]);
  });

  it('cuts texts at a NUL, as C does', () => {
    expect(nodes("'a\\0b' == 'c'").find((node) => node.kind === 'string')).toMatchObject({ value: 'a' });
    expect(messageOf('true\0garbage')).toBeNull();
  });

  it('refuses parts of 8,192 bytes and more, and nesting beyond the parser stack', () => {
    expect(messageOf(`'${'a'.repeat(8191)}' == 'b'`)).toBeNull();
    expect(messageOf(`'${'a'.repeat(8192)}' == 'b'`)).toBe('String too long');
    expect(messageOf(`'a' =~ /${'a'.repeat(8191)}/`)).toBeNull();
    expect(messageOf(`/${'a'.repeat(8192)}/`)).toBe('Regexp too long');
    expect(messageOf(`${'('.repeat(9996)}true`)).toContain('syntax error, unexpected $end');
    expect(messageOf(`${'('.repeat(9998)}true`)).toBe('memory exhausted');
  });

  it('answers every text, and places its problem inside it', () => {
    const anyBytes = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    });
    const generated = fc
      .nat()
      .map((seed) => new ExprGenerator(seed).any(seed % 2 === 0 ? 'condition' : 'string'));
    fc.assert(
      fc.property(fc.oneof(anyBytes, generated), fc.constantFrom('condition', 'string'), (text, mode) => {
        const parsed = parse(text, { mode });
        if (!('problem' in parsed)) return nodesStayInside(text, parsed);
        const { offset, length } = parsed.problem;
        return offset >= 0 && length >= 0 && offset + length <= text.length;
      }),
      { numRuns: 3000 },
    );
  });

  it('takes linear time', () => {
    const long = (count: number) =>
      `'x' in {${Array.from({ length: count }, () => "'a%{HTTP_HOST}$1'").join(', ')}}`;
    // Of this process alone, and the best of three: other work on the machine does not count.
    const timeOf = (text: string) =>
      Math.min(
        ...[1, 2, 3].map(() => {
          const before = process.cpuUsage();
          expect(messageOf(text)).toBeNull();
          const { user, system } = process.cpuUsage(before);
          return (user + system) / 1000;
        }),
      );
    timeOf(long(2000));
    expect(timeOf(long(20_000))).toBeLessThan(20 * timeOf(long(2000)) + 500);
  });
});

function nodesStayInside(text: string, parsed: ParsedExpr): boolean {
  const found = parsed.ast ? [...nodesOf(parsed.ast.root)] : [];
  return (
    found.length > 0 && found.every(({ start, end }) => start >= 0 && start <= end && end <= text.length)
  );
}
