import { describe, expect, it } from 'vitest';
import { assert, property, string } from 'fast-check';
import { judge } from '../../../src/apache/config/judge';
import { hostProfile } from '../../../src/apache/host';
import { luaProblem } from '../../../src/apache/modules/mod_lua/syntax';

const host = hostProfile({ modules: ['core', 'mod_lua'] });

/** Lua and what Lua 5.3 says of it, recorded from Apache 2.4.71's mod_lua. */
const RECORDED: readonly (readonly [lua: string, problem: string])[] = [
  ['Require all granted', "2: syntax error near 'all'"],
  ['# x', "2: unexpected symbol near '#'"],
  ['x =', '2: unexpected symbol near <eof>'],
  ['if x then\ny()', "3: 'end' expected (to close 'if' at line 2) near <eof>"],
  ['while true do', "2: 'end' expected near <eof>"],
  ['end', "2: <eof> expected near 'end'"],
  ["x = 'abc\n", "2: unfinished string near ''abc'"],
  ['x = 3a', "2: malformed number near '3a'"],
  ['x = [[a', '2: unfinished long string (starting at line 2) near <eof>'],
  ['x = "a\\qb"', "2: invalid escape sequence near '\"a\\q'"],
  ['break\nx()', '3: <break> at line 2 not inside a loop'],
  ['goto a', "2: no visible label 'a' for <goto> at line 2"],
  ['\u00e9 = 1', "2: unexpected symbol near '<\\233>'"],
  ['function f() return ... end', "2: cannot use '...' outside a vararg function near '...'"],
  ['for i do end', "2: '=' or 'in' expected near 'do'"],
  ['(x) = 1', "2: syntax error near '='"],
];

describe('mod_lua', () => {
  it.each(RECORDED)('%j is refused as by Lua', (lua, problem) => {
    const found = luaProblem(lua, 2);
    expect(`${found?.line}: ${found?.message}`).toBe(problem);
  });

  it.each([
    'function handle(r) r:puts("x") return apache2.OK end',
    'for _, v in ipairs{1, 2; a = 3, ["b"] = [[x]]} do if v then goto done end ::done:: end',
    'local x = ~1 // 2 .. "a" ^ -2 -- comment',
    '--[==[ long ]] ]==] return nil, ...',
  ])('%j is taken', (lua) => {
    expect(luaProblem(lua, 1)).toBeUndefined();
  });

  it('names the file of the section', () => {
    expect(judge('<LuaHookFixups h>\nx =\n</LuaHookFixups>\n', host)).toEqual({
      ok: false,
      line: 1,
      message: 'Lua Error:[string ".htaccess:1"]:3: unexpected symbol near <eof>',
    });
  });

  it('names a macro as Apache does, with the path of its file', () => {
    const text = '<Macro fix>\n<LuaHookFixups h>\nx =\n</LuaHookFixups>\n</Macro>\nUse fix\n';
    const within = hostProfile({
      modules: ['core', 'mod_lua', 'mod_macro'],
      treeRoot: '/srv/www/example.test',
    });
    const message = `Lua Error:[string "macro 'fix' (defined on line 1 of "/srv/www/e..."]:3: unexpected symbol near <eof>`;
    expect(judge(text, within).message).toBe(message);
  });

  it('reads on to the closing tag, which needs no bracket', () => {
    expect(judge('<LuaHookFixups h>\nx = 1\n</luahookfixups\nBogus\n', host).line).toBe(4);
    expect(judge('<LuaHookFixups h>\nx = 1\n', host).ok).toBe(true);
  });

  it('counts no line with a NUL, and no CR at the very beginning', () => {
    expect(judge('<LuaHookFixups h>\nlocal \0x = 1\nx = 2\n</LuaHookFixups>\nBogus\n', host).line).toBe(4);
    expect(judge('<LuaHookFixups h>\nx = 1\n\0</LuaHookFixups>\nBogus\n', host).line).toBe(3);
    const { message } = judge('<LuaHookFixups h>\n\rif x = 1\n', host);
    expect(message).toBe(`Lua Error:[string ".htaccess:1"]:2: 'then' expected near '='`);
  });

  it('never throws', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 60 }), (text) => (luaProblem(text, 1)?.line ?? 1) >= 1),
      {
        numRuns: 3000,
      },
    );
    expect(luaProblem('('.repeat(100_000), 1)?.message).toContain('too many C levels (limit is 200)');
  });
});
