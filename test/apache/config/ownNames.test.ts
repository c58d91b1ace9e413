import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/apache/config/judge';
import { hostProfile } from '../../../src/apache/host';
import { ALL_MODULES } from '../../../src/apache/modules/all';
import { memorySite } from '../../../src/apache/memorySite';
import { evaluate } from '../../../src/apache/request';

// What every JavaScript object has is no word of Apache's: it is judged as any other word that nobody knows.
const OWN = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'];
const HOST = hostProfile({ modules: ALL_MODULES.map(({ name }) => name) });
const NAMES = ALL_MODULES.flatMap(({ directives }) => Object.keys(directives));
const FRAMES: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => `${word} ${word}`,
  (word) => `${word} ${word} ${word}`,
  (word) => `+${word}`,
  (word) => `a ${word}`,
  (word) => `a b ${word}`,
  (word) => `/a /b ${word}`,
  (word) => `"%{${word}}"`,
  (word) => `"${word} 1"`,
  (word) => `a=${word}`,
];

/** What Apache says, with the word itself taken out; case does not count, as some messages change it. */
function said(name: string, args: string, word: string): string {
  const text = name.startsWith('<') ? `${name} ${args}>\n${name.replace('<', '</')}>\n` : `${name} ${args}\n`;
  const { message, line } = judge(text, HOST);
  return `${line} ${message?.toLowerCase().replaceAll(word.toLowerCase(), 'WORD')}`;
}

describe('the names of what every object has', () => {
  it.each(OWN)('%s is judged as an unknown word, in every directive', (word) => {
    const other = word.replaceAll(/[a-z]/gi, 'q');
    const differing: string[] = [];
    for (const name of NAMES) {
      for (const frame of FRAMES) {
        const line = frame(word);
        if (said(name, line, word) !== said(name, frame(other), other)) differing.push(`${name} ${line}`);
      }
    }
    expect(differing).toEqual([]);
  });

  it.each(OWN)('%s as a flag, status, method, variable, file, handler or parameter', (word) => {
    const htaccess = (one: string): string => `RewriteEngine On
RewriteRule ^redirect$ /to [R=${one}]
RewriteCond %{${one}} !x
RewriteRule ^variable$ /to-%{ENV:${one}}%{HTTP:${one}}%{SSL:${one}}-%{${one}} [R,E=${one}:1,CO=${one}:1:a]
RewriteRule ^handler$ - [H=${one}]
RewriteRule ^type$ - [T=${one}]
SetEnvIf ${one} . ${one}=1
Header set ${one} "%{${one}}e %{${one}}s"
AddHandler ${one} ${one}
AddLanguage ${one} ${one}
ErrorDocument 404 "%{${one}}"
<Limit ${one}>
Require all denied
</Limit>
`;
    const answers = (one: string): string => {
      const site = memorySite(
        { '.htaccess': htaccess(one), [`a.${one}`]: 'a', handler: 'a', type: 'a' },
        HOST,
      );
      const targets = ['/redirect', '/variable', '/handler', '/type', `/a.${one}`, '/a', '/none', `/${one}`];
      const all = targets.flatMap((target) =>
        ['GET', one].map((method) => {
          const headers = [
            ['Host', 'a'],
            ['Accept', `text/html;${one}=1, ${one}/${one}`],
            [one, one],
          ] as const;
          const request = { method, target, protocol: 'HTTP/1.1', headers };
          return evaluate({ request, site, host: HOST, documentRoot: '/site' });
        }),
      );
      return JSON.stringify(all).replaceAll(new RegExp(one, 'gi'), 'WORD');
    };
    expect(answers(word)).toBe(answers(word.replaceAll(/[a-z]/gi, 'q')));
  });
});
