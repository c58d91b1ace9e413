import { isAtLeast } from '../host';
import type { Command, Refusal } from './define';

function cookieName(args: string): string {
  return args.split(/[ \t]+/).find((word) => word !== '') ?? '';
}

/** The name of a cookie, the first word of the line: it must not have the characters that divide fields. */
export function checkCookieName(cmd: Command, _config: unknown, args: string): Refusal {
  return checkFieldName(cmd, undefined, cookieName(args));
}

/** Words and order of mod_session_dbd's own check changed with 2.4.64. */
const NEW_WORDS = 64;

/** The name of mod_session_dbd's cookie, the first word of the line. */
export function checkKeyCookieName(cmd: Command, _config: unknown, args: string): Refusal {
  const name = cookieName(args);
  const isNew = isAtLeast(cmd.host, NEW_WORDS);
  if (isNew && name === '') return `${cmd.name} requires at least one argument!`;
  if (name !== '' && !/[=;&]/.test(name)) return undefined;
  return `${cmd.name} cannot ${isNew ? '' : 'be empty, or '}contain '=', ';' or '&'.`;
}

/** A field of a form: it must not have the characters that divide fields. */
export function checkFieldName(cmd: Command, _config: unknown, name: string): Refusal {
  return name === '' || /[=&]/.test(name) ? `${cmd.name} cannot be empty, or contain '=' or '&'.` : undefined;
}
