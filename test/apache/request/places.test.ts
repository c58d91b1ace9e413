import { describe, expect, it } from 'vitest';
import { answerOf } from '../modules/evaluateSite';

/** The steps of a module that name a line: `/site/.htaccess:1 text`. */
function placesOf(module: string, htaccess: string, target: string, files = {}): readonly string[] {
  return answerOf(htaccess, target, { files })
    .trace.filter((step) => step.module === module && step.line !== undefined)
    .map(({ file, line, text }) => `${file}:${line} ${text}`);
}

describe('the place of a step', () => {
  it('is that of the Redirect, in its own folder', () => {
    const files = { 'sub/.htaccess': '\nRedirect gone /sub/x\n', 'sub/x': '' };
    expect(placesOf('mod_alias', 'Redirect /sub /outer', '/sub/x', files)).toEqual([
      "/site/sub/.htaccess:2 Redirect /sub/x matched: '/sub/x'",
      '/site/sub/.htaccess:2 Redirect 410',
    ]);
    expect(placesOf('mod_alias', 'Redirect /sub /outer', '/sub/y', files)).toEqual([
      "/site/sub/.htaccess:2 Redirect /sub/x not matched: '/sub/y'",
      "/site/.htaccess:1 Redirect /sub matched: '/sub/y'",
      '/site/.htaccess:1 Redirect 302 /outer/y',
    ]);
    expect(placesOf('mod_alias', '\nRedirect 301 "/%{HTTP_HOST}"', '/')).toEqual([
      '/site/.htaccess:2 Redirect 301 /www.example.test',
    ]);
  });

  it('is that of the Header and of the <If> around it', () => {
    const text = '<If "true">\n<Files index.html>\nHeader set X-A b\n</Files>\n</If>\nHeader add X-C \\\nd';
    expect(placesOf('core', text, '/index.html')).toEqual(['/site/.htaccess:1 <If true> matched']);
    expect(placesOf('mod_headers', text, '/index.html')).toEqual(['/site/.htaccess:7 add X-C']);
    expect(placesOf('mod_headers', '<If "true">\nHeader set X-A b\n</If>', '/index.html')).toEqual([
      '/site/.htaccess:2 set X-A',
    ]);
  });

  it('is that of a rule inside <If>, too', () => {
    const text = 'RewriteEngine On\n<If "true">\nRewriteEngine On\nRewriteRule index - [F]\n</If>';
    expect(placesOf('mod_rewrite', text, '/index.html')).toContain(
      '/site/.htaccess:4 forcing responsecode 403 for /site/index.html',
    );
  });

  it('is the line for which Apache refuses a .htaccess', () => {
    const files = { 'sub/.htaccess': 'DirectoryIndex x\nFoo \\\nbar\n' };
    expect(placesOf('core', '', '/sub/', files)[0]).toMatch(
      /^\/site\/sub\/\.htaccess:3 \/site\/sub\/\.htaccess: Invalid command 'Foo'/,
    );
    const tooLong = { 'sub/.htaccess': `\n${'x'.repeat(17_000_000)}\n` };
    expect(placesOf('core', '', '/sub/', tooLong)[0]?.slice(0, 80)).toMatch(/^\/site\/sub\/\.htaccess:2 /);
  });

  it('is not known of a line of a macro, which has a number of its own', () => {
    const text = '\n\n<Macro M>\nRedirect /a /b\n</Macro>\nUse M\n';
    const host = { modules: ['core', 'mod_macro', 'mod_alias'] };
    const step = answerOf(text, '/a', { host }).trace.find(({ text: own }) => own === 'Redirect 302 /b');
    expect(step).toMatchObject({ module: 'mod_alias', request: 'initial' });
    expect([step?.file, step?.line]).toEqual([undefined, undefined]);
    const { trace } = answerOf(text.replace('Redirect', 'Foo'), '/a', { host });
    const refused = trace.find(({ event }) => event?.result === 'refused');
    expect([refused?.file, refused?.line]).toEqual(['/site/.htaccess', undefined]);
  });
});

describe('a server with AllowOverride None', () => {
  it('reads no .htaccess, not even one that it would refuse', () => {
    expect(answerOf('Bogus\n', '/', { host: { allowOverride: ['None'] } }).status).toBe(200);
    expect(answerOf('Bogus\n', '/').status).toBe(500);
  });
});
