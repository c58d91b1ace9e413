import { sha256, sha512 } from './sha2';

const DIGITS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const USUAL_ROUNDS = 5000;
const FEWEST_ROUNDS = 1000;

/** Rounds beyond this are not carried out: they would take seconds. */
const MOST_ROUNDS = 100_000;

interface Method {
  readonly digest: (text: string) => string;
  readonly size: number;
  /** How far the first byte of a group of digits moves on. */
  readonly groups: readonly (readonly number[])[];
}

/** The order in which bytes become digits: thirds of the digest, taken in turn, and what is left at the end. */
function groupsOf(third: number, count: number, turn: 'left' | 'right', rest: readonly number[]): number[][] {
  const groups = Array.from({ length: count }, (_, at) => {
    const bytes = [at, at + third, at + 2 * third];
    const by = turn === 'left' ? at % 3 : (3 - (at % 3)) % 3;
    return [...bytes.slice(by), ...bytes.slice(0, by)];
  });
  return [...groups, [...rest]];
}

const METHODS: Readonly<Record<string, Method>> = {
  '5': { digest: sha256, size: 32, groups: groupsOf(10, 10, 'right', [31, 30]) },
  '6': { digest: sha512, size: 64, groups: groupsOf(21, 21, 'left', [63]) },
};

/**
 * The hash of a password by crypt(3)'s SHA-256 (`$5$`) and SHA-512 (`$6$`), as `htpasswd -2` and `-5` make it, with the
 * settings that a hash begins with. Undefined for settings that crypt refuses, or that would take too long.
 */
export function shaCrypt(password: string, settings: string): string | undefined {
  const found = /^\$([56])\$(?:rounds=([1-9]\d{0,8})\$)?([^$:\n]*)/.exec(settings);
  const method = METHODS[found?.[1] ?? ''];
  if (found === null || method === undefined) return undefined;
  const rounds = found[2] === undefined ? USUAL_ROUNDS : Number(found[2]);
  if (rounds < FEWEST_ROUNDS || rounds > MOST_ROUNDS) return undefined;
  const salt = (found[3] ?? '').slice(0, 16);
  const digest = allRounds(password, salt, { rounds, method });
  const shown = found[2] === undefined ? '' : `rounds=${rounds}$`;
  return `$${found[1] ?? ''}$${shown}${salt}$${encode(digest, method.groups)}`;
}

interface Work {
  readonly rounds: number;
  readonly method: Method;
}

/** A digest as often as needed for a length, the last one cut. */
function repeated(digest: string, length: number): string {
  return digest.repeat(Math.ceil(length / digest.length)).slice(0, length);
}

function allRounds(password: string, salt: string, { rounds, method: { digest: hash } }: Work): string {
  const alternate = hash(`${password}${salt}${password}`);
  let text = `${password}${salt}${repeated(alternate, password.length)}`;
  for (let bits = password.length; bits > 0; bits >>= 1) text += (bits & 1) === 1 ? alternate : password;
  let digest = hash(text);
  const keyBytes = repeated(hash(password.repeat(password.length)), password.length);
  const saltBytes = repeated(hash(salt.repeat(16 + digest.charCodeAt(0))), salt.length);
  for (let round = 0; round < rounds; round++) {
    const middle = `${round % 3 === 0 ? '' : saltBytes}${round % 7 === 0 ? '' : keyBytes}`;
    digest = hash(round % 2 === 0 ? `${digest}${middle}${keyBytes}` : `${keyBytes}${middle}${digest}`);
  }
  return digest;
}

function encode(digest: string, groups: Method['groups']): string {
  let text = '';
  for (const group of groups) {
    let value = group.reduce((sum, at) => (sum << 8) | digest.charCodeAt(at), 0);
    for (let left = group.length + 1; left > 0; left--, value >>= 6) text += DIGITS[value & 0x3f] ?? '';
  }
  return text;
}
