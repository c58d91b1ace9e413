import { describe, expect, it } from 'vitest';
import { nearestUrlsFile, testLineOf } from '../../../src/extension/requests/urlTest';
import type { RequestRecord } from '../../../src/runner';
import { record, siteOf } from './records';

const HTACCESS = [
  'RewriteEngine On',
  'RewriteRule ^old$ http://localhost:8400/new [R=301,L]',
  'RewriteCond %{HTTP:Accept-Language} ^de',
  'RewriteRule ^welcome$ /willkommen.html [L]',
  'RewriteRule ^app(/.*)?$ run.fcgi$1 [L]',
].join('\n');
const files = {
  '.htaccess': HTACCESS,
  'run.fcgi': '#!/bin/sh\n',
  'willkommen.html': '',
  welcome: '',
  'site.css': '',
};
const site = siteOf(files);
const target = { folder: '/home/me', documentRoot: '/home/me', ...site };
const HOST = ['Host', 'localhost:8400'] as const;

function asked(url: string, some: Partial<RequestRecord> = {}): RequestRecord {
  const requestHeaders = some.requestHeaders ?? [HOST, ['User-Agent', 'x'], ['Sec-Fetch-Mode', 'cors']];
  const outcome = site.evaluate({ method: 'GET', target: url, headers: requestHeaders });
  return record({ target: url, outcome, ...some, requestHeaders });
}

describe('a recorded URL test', () => {
  it.each([
    ['/site.css', '/site.css -> file site.css'],
    ['/old', '/old -> 301 /new'],
    ['/missing', '/missing -> 404'],
  ])('of %s is %s', (url, line) => {
    expect(testLineOf(asked(url), target)).toBe(line);
  });

  it('of a program names what it got, and its own status', () => {
    const environment = [
      ['PATH_INFO', '/x y'],
      ['QUERY_STRING', 'a=1'],
    ] as const;
    const program = { environment, dispatcher: '/home/me/run.fcgi', pid: 1 };
    const line = '/app/x%20y?a=1 -> run.fcgi PATH_INFO="/x y" QUERY_STRING=a=1';
    expect(testLineOf(asked('/app/x%20y?a=1', program), target)).toBe(line);
    const lost = testLineOf(asked('/app/x%20y?a=1', { ...program, status: 404 }), target);
    expect(lost).toBe('/app/x%20y?a=1 -> 404 run.fcgi PATH_INFO="/x y" QUERY_STRING=a=1');
  });

  it('has the header that decides, and no other', () => {
    const requestHeaders = [
      HOST,
      ['Accept', '*/*'],
      ['Accept-Language', 'de-DE'],
      ['Cookie', 'a=b'],
    ] as const;
    expect(testLineOf(asked('/welcome', { requestHeaders }), target)).toBe(
      '/welcome {Accept-Language: de-DE} -> file willkommen.html',
    );
    expect(testLineOf(asked('/site.css', { requestHeaders }), target)).toBe('/site.css -> file site.css');
  });

  it('is none where no .htaccess had a say', () => {
    expect(testLineOf(record({ outcome: null, status: 403 }), target)).toBeUndefined();
  });

  it('goes into the nearest file, else a new one', () => {
    const folders: Record<string, string[]> = {
      '/home/me': ['b.urls', 'a.urls'],
      '/home/me/app/deep': ['x.py'],
    };
    const list = (folder: string) => folders[folder] ?? [];
    expect(nearestUrlsFile('/home/me/app/deep', '/home/me', list)).toBe('/home/me/a.urls');
    expect(nearestUrlsFile('/home/me/app/deep', '/home/me/app', list)).toBe('/home/me/app/deep/site.urls');
  });
});
