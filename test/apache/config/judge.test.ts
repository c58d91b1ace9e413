import { describe, expect, it } from 'vitest';
import { assert, property, uint8Array } from 'fast-check';
import { judge, readHtaccess } from '../../../src/apache/config/judge';
import { hostProfile } from '../../../src/apache/host';
import { memorySite } from '../../../src/apache/memorySite';
import { ALL_MODULES } from '../../../src/apache/modules/all';
import { byteStringOf } from '../../../src/text/bytes';
import { structureTexts } from '../../oracle/generate/structure';

const host = hostProfile({ modules: ALL_MODULES.map((module) => module.name) });
const unknown = 'perhaps misspelled or defined by a module not included in the server configuration';

const verdictOf = (text: string): string => {
  const { ok, line, message } = judge(text, host);
  return ok ? 'ok' : `${line}: ${message}`;
};

/** Text and verdict, recorded from Apache 2.4.71. */
const RECORDED: readonly (readonly [text: string, verdict: string])[] = [
  ['\u00ef\u00bb\u00bf# x\n', `1: Invalid command '\u00ef\u00bb\u00bf#', ${unknown}`],
  ['# a \\\nBogus\nBogus\n', `3: Invalid command 'Bogus', ${unknown}`],
  ['Bog\0us On\n', `1: Invalid command 'Bog', ${unknown}`],
  ['<Macro \u00c3\u0089>\nOptions None\n</Macro>\nUse \u00c3\u00a9\n', "4: macro '\u00c3\u00a9' undefined"],
  ['<Macro \u00c3\u0089 "">\n</Macro>\n', `1: macro '\u00c3\u0089' (defined on line 1 of ".htaccess"): empty argument #1 name`],
  ['Opt\\\nions \\\r\n +Foo\n', '3: Illegal option Foo'],
  ['<IfModule mod_dir.c>\nBogus\n</IfModule>\nOptions +Foo', `2: Invalid command 'Bogus', ${unknown}`],
  ['<IfModule mod_dir.c>\n', 'ok'],
  ['<IfModule http_module>\nBogus\n</IfModule>\n', `2: Invalid command 'Bogus', ${unknown}`],
  ['<IfModule http_core.c>\nBogus\n</IfModule>\n', `2: Invalid command 'Bogus', ${unknown}`],
  ['<IfModule http_core_module>\nBogus\n</IfModule>\n', 'ok'],
  ['<IfModule none>\n<Files x>\n</IfModule>\n', '1: Expected </Files> but saw </IfModule>'],
  ['<Files x>\n<If true>\n</Files>\n', '3: Expected </If> but saw </Files>'],
  ['<Files x>\n\n<If true>\n', '1: .htaccess:3: <If> was not closed.\n.htaccess:1: <Files> was not closed.'],
  ['<IfVersion >= 4294967298>\nBogus\n</IfVersion>\n', `2: Invalid command 'Bogus', ${unknown}`],
  ['<IfVersion >= 2.x>\n</IfVersion>\n', '1: Version appears to be invalid. It must have the format major[.minor[.patch]] where major, minor and patch are numbers.'],
  ['<Limit BIND>\n</Limit>\n', 'ok'],
  ['<Limit get>\n</Limit>\n', "1: Could not register method 'get' for <Limit from .htaccess configuration"],
  [`<Files ${'x'.repeat(4093)}>\n</Files>\n`, `1: <Files "${'x'.repeat(4093)}"> is invalid.`],
  ['Use x\n', '1: no macro defined before Use'],
  ['<Macro x>\n</Macro>\nUse y\n', "3: macro 'y' undefined"],
  ['\n<Macro X $a>\nOptions $a\n</Macro>\n\nUse x Foo\n', '1: Illegal option Foo'],
  ['<Macro x $a>\n</Macro>\nUse x\n', '3: macro \'x\' (defined on line 1 of ".htaccess") used with 0 arguments instead of 1'],
  ['<Macro x $a $a>\n</Macro>\n', "1: argument name conflict in macro 'x' (defined on line 1 of \".htaccess\"): argument '$a': #1 and #2, change argument names!"],
  ['<Macro x>\nUse x\n</Macro>\nUse x\n', "1: recursive use of macro 'x' is invalid"],
  ['<Macro x>\n', '1: macro \'x\' (defined on line 1 of ".htaccess")\n\tcontents error: expected token not found: </Macro>'],
  ['<Macro x @a>\nError @a\n</Macro>\nUse x "a\\"b"', '1: a\\"b'],
  ['<Macro x>\n<Files a>\n</Macro>\nUse x\n', '1: macro \'x\' (defined on line 1 of ".htaccess") used on line 4 of ".htaccess":1: <Files> was not closed.'],
  ['<Macro x>\n</Macro>\nUse x\nBogus', 'ok'],
  ['<Macro x>\n</Macro>\nUse x\nBogus\n', `4: Invalid command 'Bogus', ${unknown}`],
  ['<Macro M $a>\nSetEnv a b\n</Macro>\nUse M ""\nUnd\0f\n', `5: Invalid command 'Und', ${unknown}`],
]; // prettier-ignore

describe('what is read', () => {
  it.each(RECORDED)('%j is judged as by Apache', (text, verdict) => {
    expect(verdictOf(text)).toBe(verdict);
  });

  it('finds a Define in any case, and the environment only as written', () => {
    const own = { ...host, defines: ['Name=Foo'], environment: { HERE: 'Bar' } };
    expect(judge('Options ${nAME}', own).message).toBe('Illegal option Foo');
    expect(judge('Options ${HERE}', own).message).toBe('Illegal option Bar');
    const read = readHtaccess('Options ${here}', own, { directory: '/site/' });
    expect(read.verdict.message).toBe('Illegal option ${here}');
    expect(read.warnings).toEqual(['AH00111: Config variable ${here} is not defined']);
  });

  it('points at the Use of a macro whose lines are refused', () => {
    const text = '<Macro X>\nBogus\n</Macro>\n\nUse X\n';
    const { verdict, span } = readHtaccess(text, host, { directory: '/site/' });
    expect(verdict.line).toBe(1);
    expect(text.slice(span?.start, span?.end)).toBe('Use X\n');
  });

  it('looks for programs on the site, and leaves open what lies elsewhere', () => {
    const site = memorySite({ 'run.fcgi': { text: '', mode: 0o755 } }, host);
    const judged = (text: string): string | null =>
      readHtaccess(text, host, { directory: '/site/', site }).verdict.message;
    expect(judged('FcgidWrapper /site/run.fcgi .php')).toBeNull();
    expect(judged('FcgidWrapper /usr/bin/php-cgi .php')).toBeNull();
    expect(judged('FcgidWrapper /site/none .php')).toBe(
      'Wrapper /site/none cannot be accessed: (2)No such file or directory',
    );
    expect(judged('FcgidAuthenticator "/site/run.fcgi/x y"')).toBe(
      'Authenticator /site/run.fcgi/x y cannot be accessed: (20)Not a directory',
    );
    expect(judged('<IfFile /site/none>\nBogus\n</IfFile>')).toBeNull();
  });
});

describe('whatever is read', () => {
  it('is judged without an exception, and quickly', { timeout: 60_000 }, () => {
    assert(
      property(uint8Array({ maxLength: 400 }), (bytes) => {
        const verdict = judge(byteStringOf(bytes), host);
        return verdict.ok ? verdict.message === null : verdict.message !== null;
      }),
      { numRuns: 8000 },
    );
    for (const bytes of structureTexts(15_000, 77)) judge(byteStringOf(bytes), host);
  });

  it('ends soon for 50 MB', { timeout: 60_000 }, () => {
    const lines = `RewriteRule ^a$ b [L]\n# ${'c'.repeat(900)}\n<Files x>\nOptions +Indexes\n</Files>\n\n`;
    const text = lines.repeat(Math.ceil(5e7 / lines.length));
    expect(judge(text, host)).toEqual({ ok: true, line: null, message: null });
    expect(judge('\\\n'.repeat(2.5e7), host).ok).toBe(true);
    expect(judge('x'.repeat(5e7), host).message).toBe('Error reading .htaccess at line 1: Line too long');
  });

  it.each(['<Files x>', '<If true>', '<IfModule none>', '<IfModule mod_dir.c>', '<Macro x>', '<RequireAll>'])(
    'ends soon for 100,000 %s that nobody closes',
    (open) => {
      const { ok, message } = judge(`${open}\n`.repeat(100_000), host);
      expect(ok ? 'closed' : message).toMatch(/closed|before end of configuration|expected token not found/);
    },
  );

  it.each([
    ['IfModule', 'mod_dir.c'],
    ['Files', 'x'],
    ['If', 'true'],
  ])('follows 8,000 <%s> within each other, as Apache does', (name, argument) => {
    const nested = (inside: string): string =>
      `<${name} ${argument}>\n`.repeat(8000) + inside + `</${name}>\n`.repeat(8000);
    expect(verdictOf(nested('Bogus\n'))).toBe(`8001: Invalid command 'Bogus', ${unknown}`);
    expect(verdictOf(nested('Options +Indexes\n'))).toBe('ok');
  });
});
