import { readWord } from '../syntax/words';
import { defineModule, type Command, type Refusal } from './define';
import { unitSeconds } from './mod_expires';

/** A number of seconds, or `[plus] {number unit}*`. */
function expiry(_cmd: Command, _config: unknown, text: string): Refusal {
  if (/^\d(?:.*\d)?$/s.test(text)) return undefined;
  let word = readWord(text, 0);
  if (/^p/i.test(word.value)) word = readWord(text, word.next);
  for (; word.value !== ''; word = readWord(text, word.next)) {
    if (!/^\d/.test(word.value)) return 'bad expires code, numeric value expected.';
    word = readWord(text, word.next);
    if (word.value === '') return 'bad expires code, missing <type>';
    if (unitSeconds(word.value) === undefined) return 'bad expires code, unrecognized type';
  }
  return undefined;
}

function domain(_cmd: Command, _config: unknown, name: string): Refusal {
  if (!name.startsWith('.')) return 'CookieDomain values must begin with a dot';
  return name.includes('.', 1) ? undefined : 'CookieDomain values must contain at least one embedded dot';
}

const STYLES = ['netscape', 'cookie', 'rfc2109', 'cookie2', 'rfc2965'];

function style(cmd: Command, _config: unknown, name: string): Refusal {
  return STYLES.includes(name.toLowerCase()) ? undefined : `Invalid ${cmd.name} keyword: '${name}'`;
}

function sameSite(_cmd: Command, _config: unknown, name: string): Refusal {
  const isKnown = ['strict', 'lax', 'none'].includes(name.toLowerCase());
  return isKnown ? undefined : "CookieSameSite accepts 'Strict', 'Lax', or 'None'";
}

export const mod_usertrack = defineModule({
  name: 'mod_usertrack',
  directives: {
    CookieExpires: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'an expiry date code',
      summary: 'How long the tracking cookie lives, in seconds or as `"1 year 2 months"`.',
      apply: expiry,
    },
    CookieDomain: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'domain to which this cookie applies',
      summary: 'The domain that the tracking cookie belongs to; it begins with a dot.',
      apply: domain,
    },
    CookieStyle: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: "'Netscape', 'Cookie' (RFC2109), or 'Cookie2' (RFC2965)",
      summary: 'The form of the tracking cookie.',
      values: ['Netscape', 'Cookie', 'RFC2109', 'Cookie2', 'RFC2965'],
      apply: style,
    },
    CookieTracking: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'whether or not to enable cookies',
      summary: 'Gives every visitor a cookie to tell them apart in the log.',
      apply: () => undefined,
    },
    CookieName: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'name of the tracking cookie',
      summary: 'The name of the tracking cookie; `Apache` by default.',
      apply: () => undefined,
    },
    CookieSameSite: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'SameSite setting',
      since: 42,
      summary: 'Whether the tracking cookie comes along with requests from other sites.',
      values: ['Strict', 'Lax', 'None'],
      apply: sameSite,
    },
    CookieSecure: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'is cookie secure',
      since: 42,
      summary: 'Keeps the tracking cookie to https.',
      apply: () => undefined,
    },
    CookieHttpOnly: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'is cookie http only',
      since: 42,
      summary: 'Hides the tracking cookie from JavaScript.',
      apply: () => undefined,
    },
  },
});
