import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ADVICE, advise, type Advice } from '../../src/advice';
import { judge } from '../../src/apache/config/judge';
import { hostProfile } from '../../src/apache/host';
import { memorySite } from '../../src/apache/memorySite';
import { isAscii } from '../../src/text/bytes';
import { adviceOn } from './marked';
import { documentation } from './documentation';

const HOST = hostProfile();
const REALISTIC = new URL('../oracle/fixtures/realistic', import.meta.url).pathname;

describe('advice', () => {
  test('is worded in ASCII, since messages are byte strings', () => {
    const loud = Object.fromEntries(ADVICE.map(({ code }) => [code, 'hint'] as const));
    for (const { bad } of documentation())
      for (const { message, fix } of adviceOn(bad ?? '', { severities: loud })) {
        expect(isAscii(message)).toBe(true);
        expect(isAscii(fix?.title ?? '')).toBe(true);
      }
  });

  test('has codes of its own', () => {
    expect(new Set(ADVICE.map(({ code }) => code)).size).toBe(ADVICE.length);
  });

  test('comes in the order of the file, with lines that begin at 1', () => {
    const text = 'RewriteEngine On\r\nRewriteRule ^/a$ /b [DIP,L]\r\nRewriteRule ^c$ d$1 [L]\r\n';
    expect(adviceOn(text).map(({ code, line }) => [code, line])).toEqual([
      ['rewrite.leading-slash', 2],
      ['rewrite.unknown-flag', 2],
      ['rewrite.backreference', 3],
    ]);
  });

  test('can be switched off and made louder, by code', () => {
    const text = 'RewriteEngine On\nRewriteRule ^/a$ /b [DIP,L]\n';
    const severities = { 'rewrite.leading-slash': 'off', 'rewrite.unknown-flag': 'hint' } as const;
    expect(adviceOn(text, { severities }).map(({ code, severity }) => [code, severity])).toEqual([
      ['rewrite.unknown-flag', 'hint'],
    ]);
  });

  test('is silent behind a line that Apache refuses', () => {
    const rule = 'RewriteEngine On\nRewriteRule ^/a$ /b [L]\n';
    expect(adviceOn(`${rule}Foo\n${rule}`).map(({ line }) => line)).toEqual([2]);
    expect(adviceOn(`Foo\n${rule}`)).toEqual([]);
  });

  test('finds places in continued lines and in bytes', () => {
    const text = '# \xc3\xa4\nRewriteEngine On\nRewriteRule ^a$ \\\n  /b [DIP,\\\nL]\n';
    const [found] = adviceOn(text);
    expect(text.slice(found?.start, found?.end)).toBe('DIP');
    expect(found?.line).toBe(4);
  });

  test('speaks of the host’s own modules only', () => {
    const text =
      '<IfModule !mod_rewrite.c>\nRedirect /index.html /\n</IfModule>\n<IfModule mod_php.c>\nphp_value a b\n</IfModule>\n';
    expect(adviceOn(text)).toEqual([]);
  });

  test('leaves the whole directive marked where ${…} was replaced in it', () => {
    const text = 'RewriteEngine On\nRewriteRule ^${X}$ /b [DIP,L]\n';
    const [found] = adviceOn(text, { host: { defines: ['X=yy'] } });
    expect(text.slice(found?.start, found?.end)).toBe('RewriteRule ^${X}$ /b [DIP,L]');
    expect(found?.fix).toBeUndefined();
  });
});

/** What ordinary files are told for a reason that Apache confirms, or that deserves a sentence. */
const CAUSES: Readonly<Record<string, { readonly codes: readonly string[]; readonly cause: string }>> = {
  'auth-satisfy.htaccess': {
    codes: ['access.old-directives', 'access.old-directives'],
    cause: 'Order and Satisfy are those of 2.2, and need a module that hosts leave out',
  },
  'hotlinks.htaccess': {
    codes: ['rewrite.loop'],
    cause: 'Apache answers 500 to a picture that another site shows: test/oracle/advice.test.ts',
  },
  'hotlinks-setenvif.htaccess': {
    codes: ['access.old-directives'],
    cause: 'Order and Deny of 2.2 beside directives of 2.4',
  },
  'old-host-legacy.htaccess': { codes: ['access.old-directives'], cause: 'Order and Deny of 2.2' },
  'perl-cgi.htaccess': { codes: ['access.old-directives'], cause: 'Order and Allow of 2.2' },
  'typo3-like.htaccess': {
    codes: ['rewrite.redirect-leaks-path'],
    cause: "a relative redirect without RewriteBase tells visitors the server's folders",
  },
};

/** As a project has them: those of the fixtures, of the templates of new projects, and of the sample site. */
const ORDINARY: ReadonlyMap<string, string> = new Map([
  ...readdirSync(REALISTIC).map((name) => [name, join(REALISTIC, name)] as const),
  ...[
    'media/templates/shared/htaccess',
    'media/templates/php/htaccess',
    'test/sites/classic/project/.htaccess',
  ].map((path) => [path, join(import.meta.dirname, '../..', path)] as const),
]);

describe('advice on ordinary files', () => {
  /** What is told at the loudness that every person sees; a deprecated directive is only struck through. */
  const adviceOf = (path: string): readonly string[] =>
    advise(readFileSync(path, 'latin1'), HOST)
      .filter(({ code }) => code !== 'directive.deprecated')
      .map(({ code }) => code);

  test.each([...ORDINARY])('%s', (name, path) => {
    expect(adviceOf(path)).toEqual(CAUSES[name]?.codes ?? []);
  });

  test('no more than 1 in 20 without a cause', () => {
    const advised = [...ORDINARY].filter(([, path]) => adviceOf(path).length > 0).map(([name]) => name);
    expect(advised.filter((name) => CAUSES[name] === undefined).length).toBeLessThanOrEqual(
      ORDINARY.size / 20,
    );
    expect(advised).toEqual(Object.keys(CAUSES).sort());
  });
});

describe('whatever the text', () => {
  const examples = documentation().flatMap(({ bad, good }) => [bad ?? '', good ?? '']);
  const lines = examples.flatMap((text) => text.split('\n'));
  const bytes = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  });
  const line = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...lines) }, { weight: 1, arbitrary: bytes });
  const text = fc.array(line, { maxLength: 12 }).map((all) => all.join('\n'));
  const loud = Object.fromEntries(ADVICE.map(({ code }) => [code, 'warning'] as const));
  const site = memorySite(
    { 'index.html': '', 'd.fcgi': '', '.env': '', 'app.py': '', 'sub/.htaccess': 'Foo' },
    HOST,
  );

  const isWellFormed = (source: string, { start, end, line, message, fix }: Advice): void => {
    expect(0 <= start && start <= end && end <= source.length).toBe(true);
    expect(line).toBe(source.slice(0, start).split('\n').length);
    expect(message).not.toBe('');
    let last = 0;
    for (const edit of [...(fix?.edits ?? [])].sort((a, b) => a.start - b.start)) {
      expect(last <= edit.start && edit.start <= edit.end && edit.end <= source.length).toBe(true);
      last = edit.end;
    }
  };

  test('nothing is thrown, and every place lies in it', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (source, knowsSite) => {
        const found = advise(source, HOST, { severities: loud, ...(knowsSite ? { site } : {}) });
        for (const one of found) isWellFormed(source, one);
      }),
      { numRuns: 400 },
    );
  });

  test('no fix makes a good file bad', () => {
    fc.assert(
      fc.property(text, (source) => {
        if (!judge(source, HOST).ok) return;
        for (const { fix, code } of advise(source, HOST, { severities: loud })) {
          const edits = [...(fix?.edits ?? [])].sort((a, b) => b.start - a.start);
          const after = edits.reduce(
            (all, { start, end, text }) => all.slice(0, start) + text + all.slice(end),
            source,
          );
          expect([code, judge(after, HOST).message]).toEqual([code, null]);
        }
      }),
      { numRuns: 400 },
    );
  });
});
