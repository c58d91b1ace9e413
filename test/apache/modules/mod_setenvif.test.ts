import { describe, expect, it } from 'vitest';
import { answerOf } from './evaluateSite';

function environment(
  htaccess: string,
  headers: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return answerOf(htaccess, '/index.html', { headers, host: { environment: { GREETING: 'hello' } } }).env;
}

describe('SetEnvIf', () => {
  it.each([
    ['SetEnvIf Request_URI ^/(index) A=$1 B "C=x y"', { A: 'index', B: '1', C: 'x y' }],
    ['SetEnvIf Request_URI /index A=$1', { A: '$1' }],
    ['SetEnvIf X-Test ^$ A=none', { A: 'none' }],
    ['SetEnvIf X-Test B A\nSetEnvIfNoCase X-Other B B', {}],
    ['SetEnvIf Request_Method GET A\nSetEnvIf A 1 B', { A: '1', B: '1' }],
    ['SetEnvIf Request_Method GET A B\nSetEnvIf Request_Protocol HTTP !A', { B: '1' }],
    ['SetEnvIf Request_Method GET A=1 a=2', { A: '2' }],
    ['SetEnvIf ^h.st$ www A', {}],
    ['SetEnvIfNoCase ^h.st$ www B', { B: '1' }],
    // Apache looks a header up once for directives in a row that name it alike.
    ['SetEnvIf ^h.st$ www A\nSetEnvIfNoCase ^h.st$ www B', {}],
    ['SetEnvIfExpr "%{REQUEST_URI} =~ m#^/(in)(.*)#" A=$2-$1', { A: 'dex.html-in' }],
    ['SetEnvIfExpr "%{REQUEST_URI} !~ m#^/(x)#" A=$1', { A: '$1' }],
  ])('%j', (htaccess, expected) => {
    expect(environment(htaccess)).toEqual(expected);
  });

  it('knows browsers by BrowserMatch', () => {
    const htaccess = 'BrowserMatch MSIE A\nBrowserMatchNoCase msi(e) B=$0';
    expect(environment(htaccess, { 'User-Agent': 'Old MSIE 6' })).toEqual({ A: '1', B: 'MSIE' });
  });
});

describe('SetEnv', () => {
  it.each([
    ['SetEnv A 1\nSetEnv B\nSetEnv C "x y"\nUnsetEnv A', { B: '', C: 'x y' }],
    ['PassEnv GREETING NOTHING', { GREETING: 'hello' }],
    ['SetEnvIf Request_URI . A=early\nSetEnv A late', { A: 'late' }],
  ])('%j', (htaccess, expected) => {
    expect(environment(htaccess)).toEqual(expected);
  });

  it('is taken away by a deeper folder', () => {
    const files = { 'sub/.htaccess': 'UnsetEnv A\nSetEnv B 2', 'sub/x': '' };
    expect(answerOf('SetEnv A 1\nSetEnv B 1\nSetEnv C 1', '/sub/x', { files }).env).toEqual({
      B: '2',
      C: '1',
    });
  });
});
