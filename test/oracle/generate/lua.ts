import type { Random } from './random';

/** Lines of Lua, right and wrong, that are put together as they come. */
// prettier-ignore
const LINES: readonly string[] = [
  'local x = 1', 'function handle(r)', 'r:puts(\'x\')', 'return 1', 'return', 'end', 'if x then', 'else', 'elseif y then', 'while true do',
  'for i=1,3 do', 'for k, v in pairs(t) do', 'repeat', 'until x', 'local function f(a, ...)', 'goto done', '::done::', 'break',
  'x = {1, 2; a = 3, [\'b\'] = 4}', 'x.y.z = f(1)(2):m"s"', 'f{...}', 'f\'x\'', '(x)', '(x) = 1', 'x', 'x, y = 1, 2', 'x = ', 'x = = 1', 'x = \'abc',
  'x = "a\\qb"', 'x = 3x', 'x = 0xZ', 'x = 1e', 'x = 3a', 'x = [[long', ']]', '--[[ comment', '-- c', '--[==[ a ]==]', 'x = [=[a]]', 'x = [=a',
  '# x', '@', '$', '\\', 'é = 1', 'x = a.b:c', 'x = not -#a ^ 2 .. \'b\'', 'x = a and b or c', 'x = 1 < 2 == true', 'x = ...',
  'function f() return ... end', 'function f(a,) end', 'function f(...,a) end', 'local a.b = 1', 'local = 1', 'x.1 = 2', 'f(', 'f(1,', 'f)', '{',
  '}', 'a:b', 'a:b.c()', 'x = function() end', 'x = function(a) return a end', 'for i do', 'for i=1 do', 'for i,j=1,2 do', 'goto', 'goto 1', '::a',
  'do', 'do end', 'a.b[\'c\'].d = nil', 'x = \'\\65\\x41\\z  b\\u{41}\'', 'x = \'\\300\'', 'x = \'\\xZZ\'', 'x = \'\\u{}\'', 'x = \'\\u41\'',
  'x = \'\\u{110000}\'', 'Require all granted', 'Options +Indexes', 'Bogus', '<Files x>', '</Files>', 'if', 'then', 'x = 5 // 2 ~ 3', 'x = ~1',
  'x = a ~= b', 'x = 1 .. 2', 'x = 1..2', 'x = .5', 'x = 5.', 'x = ..', 'x = a ! b', 'and', 'nil = 1', 'true', '\'x\'', '1', 'x = {', 'x = {a=}',
  'x = {[1]}', 'x = {1,,2}', 'return return', 'return x, y;', 'return 1 2', ';', ';;', 'x = \'a\\\nb\'', 'x = "\\', '',
];

const NAMES = ['LuaHookFixups', 'LuaHookFixups', 'LuaQuickHandler', 'luahooktypechecker'];

/** A <LuaHook…> section, whose Lua is compiled while the file is read. */
export function luaText(random: Random): string {
  const name = random.pick(NAMES);
  const lines = random.times(1 + random.below(4), () => random.pick(LINES));
  const levels = 190 + random.below(15);
  if (random.chance(0.02)) lines.push(`x = ${'('.repeat(levels)}1${')'.repeat(levels)}`);
  const body = lines.join(random.pick(['\n', '\n', '\n', ' ']));
  const close = random.pick([`</${name}>`, `</${name}>`, `  </${name.toUpperCase()}`, '']);
  return `${random.maybe(0.3, '# a\n')}<${name} ${random.pick(['', 'handle', 'h late', 'h x'])}>\n${body}\n${close}${random.pick(['\n', '', '\nBogus\n'])}`;
}
