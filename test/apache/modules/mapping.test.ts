import { describe, expect, it } from 'vitest';
import { withCharset } from '../../../src/apache/modules/mod_mime/contentType';
import { readAccept } from '../../../src/apache/modules/mod_negotiation/accept';
import { answerOf, headersOf, type Asked } from './evaluateSite';

const LANGUAGES = 'Options +MultiViews\nAddLanguage en .en\nAddLanguage de .de\n';
const DOCUMENTS = { 'doc.en.html': 'english', 'doc.de.html': 'deutsch', 'doc.pdf': 'pdf' };

function fileOf(htaccess: string, target: string, asked: Asked = {}): string | number {
  const { answer, status } = answerOf(htaccess, target, asked);
  return answer.kind === 'file' ? answer.file : answer.kind === 'handler' ? `run ${answer.file}` : status;
}

describe('MultiViews', () => {
  const accept = (headers: Readonly<Record<string, string>>): Asked => ({ headers, files: DOCUMENTS });

  it.each([
    [{ 'Accept-Language': 'de' }, '/site/doc.de.html'],
    [{ 'Accept-Language': 'en;q=0.5, de;q=0.4', Accept: 'text/html' }, '/site/doc.en.html'],
    [{ Accept: 'application/pdf' }, '/site/doc.pdf'],
    [{ Accept: 'image/png' }, 406],
  ])('chooses by %j', (headers, expected) => {
    expect(fileOf(LANGUAGES, '/doc', accept(headers))).toBe(expected);
  });

  it('takes LanguagePriority where no language is acceptable', () => {
    const htaccess = `${LANGUAGES}LanguagePriority de en\nForceLanguagePriority Fallback`;
    const asked = accept({ 'Accept-Language': 'fr', Accept: 'text/html' });
    expect(fileOf(htaccess, '/doc', asked)).toBe('/site/doc.de.html');
  });

  it('says what it chose', () => {
    const outcome = answerOf(LANGUAGES, '/doc', accept({ 'Accept-Language': 'de' }));
    expect(headersOf(outcome)).toEqual({
      'Content-Location': 'doc.de.html',
      'Content-Language': 'de',
      TCN: 'choice',
      Vary: 'negotiate,accept,accept-language',
    });
  });

  it('answers 404 where no file can be negotiated', () => {
    expect(fileOf('Options +MultiViews', '/x', { files: { 'x.unknown': '' } })).toBe(404);
  });
});

describe('CheckSpelling', () => {
  const files = { 'page.html': '', 'Readme.txt': '', 'other.html': '', 'other.txt': '' };

  it.each([
    ['/PAGE.html', 'http://www.example.test/page.html'],
    ['/pgae.html', 'http://www.example.test/page.html'],
    ['/pages.html?a=1', 'http://www.example.test/page.html?a=1'],
    ['/pge.html', 'http://www.example.test/page.html'],
    ['/readme.txt/x', 'http://www.example.test/Readme.txt/x'],
    ['/other.htm', 'http://www.example.test/other.html'],
    ['/other.pdf', null],
    ['/quite.different', null],
  ])('leads %s to %s', (target, expected) => {
    expect(answerOf('CheckSpelling On', target, { files }).location).toBe(expected);
  });

  it('lists what is only similar', () => {
    const { status, env } = answerOf('CheckSpelling On', '/other.pdf', { files });
    expect(status).toBe(300);
    expect(env['VARIANTS']).toContain('/other.txt,";",common basename');
  });

  it('minds the case alone with CheckCaseOnly', () => {
    expect(answerOf('CheckSpelling On\nCheckCaseOnly On', '/pgae.html', { files }).status).toBe(404);
  });
});

describe('Action', () => {
  const files = { 'run.fcgi': { text: '', mode: 0o755 }, 'a.own': '', 'b.html': '' };

  it.each([
    ['AddHandler own .own\nAction own /run.fcgi', '/a.own', 'run /site/run.fcgi'],
    ['Action text/html /run.fcgi', '/b.html', 'run /site/run.fcgi'],
    [
      'SetHandler own\n<Files "run.fcgi">\nSetHandler fcgid-script\n</Files>\nAction own /run.fcgi',
      '/none',
      404,
    ],
    [
      'SetHandler own\n<Files "run.fcgi">\nSetHandler fcgid-script\n</Files>\nAction own /run.fcgi virtual',
      '/none',
      'run /site/run.fcgi',
    ],
  ])('%j with %s', (htaccess, target, expected) => {
    expect(fileOf(htaccess, target, { files })).toBe(expected);
  });

  it('hands on the path and the handler', () => {
    const outcome = answerOf('AddHandler own .own\nAction own /run.fcgi', '/a.own?x=1', { files });
    expect(outcome).toMatchObject({ pathInfo: '/a.own', query: 'x=1', redirects: 1 });
    expect(outcome.env).toMatchObject({ REDIRECT_HANDLER: 'own', REDIRECT_STATUS: '200' });
  });
});

describe('content types', () => {
  it.each([
    ['text/html', 'utf-8', 'text/html; charset=utf-8'],
    ['text/html;charset=x', undefined, 'text/html; charset=x'],
    ['text/html; a="b c";charset=x', 'utf-8', 'text/html; a="b c"; charset=utf-8'],
    ['nonsense', 'utf-8', 'nonsense'],
    ['text/html; charset = x', 'utf-8', 'text/html; charset=utf-8'],
    ['text/html; x y', 'utf-8', 'text/html; charset=utf-8'],
    ['text/html; @=1', 'utf-8', 'text/html; @=1'],
  ])('%j with the charset %j', (type, charset, expected) => {
    expect(withCharset(type, charset)).toBe(expected);
  });
});

describe('Accept headers', () => {
  it.each([
    ['text/html', [['text/html', 1, 2]]],
    [
      'a/b;q=0.5, C/D;level=3',
      [
        ['a/b', 0.5, 0],
        ['c/d', 1, 3],
      ],
    ],
    [
      'a/b;q=.25,*/*;q=0',
      [
        ['a/b', 0.25, 0],
        ['*/*', 0, 0],
      ],
    ],
    ['a/b;q=x', [['a/b', 1, 0]]],
    ['', []],
  ])('%j', (header, expected) => {
    const entries = readAccept(header)?.map(({ name, quality, level }) => [name, quality, level]);
    expect(entries).toEqual(expected);
  });
});
