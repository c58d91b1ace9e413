import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/apache/request/outcome';
import type { ProgramHead } from '../../../src/apache/request/cgiHead';
import { answerOf, headersOf } from '../modules/evaluateSite';

const files = {
  'app.fcgi': { text: '#!/bin/sh\n', mode: '755' },
  'as.is': 'Status: 201 Made\nContent-Type: text/X-Own\nX-As: is\nX-As: it\nSet-Cookie: a=1\n\nbody',
  'away.is': 'Location: /as.is\nX-Way: 1\n\n',
};
const HTML: ProgramHead = { status: 200, contentType: 'text/html', fields: [] };

const asked = (rules: string): Outcome => answerOf(rules, '/app.fcgi', { files });

function sent(rules: string, head: Partial<ProgramHead>): Readonly<Record<string, string>> {
  const outcome = asked(rules);
  return headersOf({ ...outcome, headers: outcome.headersFor?.({ ...HTML, ...head }) ?? [] });
}

const TYPE = { 'Content-Type': 'text/html' };
const EXPIRY = 'ExpiresActive On\nExpiresByType text/html A60';

describe("a program's headers and those of directives", () => {
  it.each<[rules: string, head: Partial<ProgramHead>, headers: Readonly<Record<string, string>>]>([
    ['Header set X-A a', { fields: [['X-A', 'own']] }, { ...TYPE, 'X-A': 'own | a' }],
    ['Header always set X-A a', { fields: [['X-A', 'own']] }, { ...TYPE, 'X-A': 'a' }],
    ['Header unset X-Powered-By', { fields: [['X-Powered-By', 'PHP']] }, { ...TYPE, 'X-Powered-By': 'PHP' }],
    ['Header always unset X-Powered-By', { fields: [['X-Powered-By', 'PHP']] }, TYPE],
    ['Header unset ETag', { fields: [['ETag', '"x"']] }, TYPE],
    [
      'Header always edit Set-Cookie $ ;Secure',
      { fields: [['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']] }, // prettier-ignore
      { ...TYPE, 'Set-Cookie': 'a=1;Secure | b=2;Secure' },
    ],
    ['AddDefaultCharset utf-8', {}, { 'Content-Type': 'text/html; charset=utf-8' }],
    ['AddDefaultCharset utf-8', { contentType: 'text/css' }, { 'Content-Type': 'text/css' }],
    ['AddType text/x-own .fcgi', { contentType: null }, { 'Content-Type': 'text/x-own' }],
    ['Header set Content-Type text/x-set', {}, { 'Content-Type': 'text/x-set' }],
    [
      'Header set X-T "expr=%{CONTENT_TYPE} %{REQUEST_STATUS}"',
      { status: 404 },
      { ...TYPE, 'X-T': 'text/html 404' },
    ],
    [EXPIRY, {}, { ...TYPE, 'Cache-Control': 'max-age=60', Expires: 'Mon, 01 Jan 2024 00:01:00 GMT' }],
    [EXPIRY, { status: 404 }, TYPE],
    [EXPIRY, { contentType: 'text/css' }, { 'Content-Type': 'text/css' }],
    [EXPIRY, { fields: [['Expires', '0']] }, { ...TYPE, Expires: '0' }],
  ])('are put together as Apache does: %j %j', (rules, head, headers) => {
    expect(sent(rules, head)).toEqual(headers);
  });

  it('are fewer where Apache sends a page of its own', () => {
    const fields = [['X-A', 'own']] as const;
    const { headersFor } = asked(
      `${EXPIRY}\nHeader set X-B b\nHeader always set X-C c\nHeader always unset X-A`,
    );
    expect(headersFor?.({ ...HTML, status: 302, fields }, 'page')).toEqual([
      ['X-C', 'c'],
      ['X-A', 'own'],
      ['Cache-Control', 'max-age=60'],
      ['Expires', 'Mon, 01 Jan 2024 00:01:00 GMT'],
    ]);
  });

  it('give the same each time', () => {
    const { headersFor } = asked('Header always append X-A a\nHeader note X-B n');
    expect(headersFor?.(HTML)).toEqual(headersFor?.(HTML));
  });

  it('are left to the program where no directive is about them', () => {
    expect(asked('RewriteEngine On')).not.toHaveProperty('headersFor');
  });

  it.each<[rules: string, line?: number]>([
    [EXPIRY, 2],
    ['ExpiresActive On\nExpiresDefault A60'],
    ['Header always edit Set-Cookie a b', 1],
    ['Header edit Set-Cookie a b'],
    ['Header edit ETag a b', 1],
    ['Header set X-A a\nHeader edit X-A a b'],
    ['Header set X-A "expr=%{CONTENT_TYPE}"', 1],
    ['Header set X-A a "expr=%{REQUEST_STATUS} == 404"', 1],
    ["Header set X-A a \"expr=resp('X-B') == 'b'\"", 1],
    ['Header always set X-A a'],
    ['Header always append Vary X'],
  ])('are named as not certain where they decide: %j', (rules, line) => {
    expect(asked(rules).unknown?.map(({ origin }) => origin.line)).toEqual(
      line === undefined ? undefined : [line],
    );
  });

  it('are known of a file that is sent as it is', () => {
    const outcome = answerOf('AddHandler send-as-is .is\nHeader always edit X-As it its', '/away.is', {
      files,
    });
    expect(outcome.status).toBe(201);
    expect(headersOf(outcome)).toEqual({ 'X-As': 'is, its', 'X-Way': '1', 'Set-Cookie': 'a=1' });
    expect(outcome).not.toHaveProperty('unknown');
  });
});
