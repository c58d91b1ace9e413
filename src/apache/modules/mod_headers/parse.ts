import { isAtLeast } from '../../host';
import type { Regex } from '../../regex';
import { readWord } from '../../syntax/words';
import type { Command, Refusal } from '../define';
import type { HeaderAction, HeaderCondition, HeadersConfig, HeaderValue } from './config';
import { parseFormat } from './format';

/** The words that the action may be. */
export const HEADER_ACTIONS: readonly HeaderAction[] = [
  'set',
  'setifempty',
  'add',
  'append',
  'merge',
  'unset',
  'echo',
  'edit',
  'edit*',
  'note',
];

const WRONG_ACTION =
  "first argument must be 'add', 'set', 'setifempty', 'append', 'merge', 'unset', 'echo', 'note', 'edit', or 'edit*'.";

/** The arguments of a Header or RequestHeader; what is missing is undefined. */
interface Arguments {
  readonly list: keyof HeadersConfig;
  readonly action: string;
  readonly header: string;
  readonly value: string | undefined;
  readonly substitution: string | undefined;
  readonly clause: string | undefined;
}

/** Header and RequestHeader (header_cmd). */
export function addHeader(cmd: Command, config: HeadersConfig, args: string): Refusal {
  const split = splitArguments(cmd, args);
  return typeof split === 'string' ? split : addEntry(cmd, config, split);
}

function splitArguments(cmd: Command, args: string): Arguments | string {
  let at = 0;
  const next = (): string => {
    const word = readWord(args, at);
    at = word.next;
    return word.value;
  };
  const optional = (): string | undefined => (at < args.length ? next() : undefined);
  let list: keyof HeadersConfig = cmd.name === 'Header' ? 'onSuccess' : 'request';
  let action = next().toLowerCase();
  if (list === 'onSuccess' && (action === 'always' || action === 'onsuccess')) {
    if (action === 'always') list = 'always';
    action = next().toLowerCase();
  }
  const split = {
    list,
    action,
    header: next(),
    value: optional(),
    substitution: optional(),
    clause: optional(),
  };
  return at < args.length ? `${cmd.name} has too many arguments` : split;
}

const isAction = (word: string): word is HeaderAction => (HEADER_ACTIONS as readonly string[]).includes(word);

/** Pattern, value and condition as the action takes them from the arguments. */
interface Taken {
  readonly regex?: Regex;
  readonly format?: string;
  readonly clause: string | undefined;
}

function addEntry(cmd: Command, config: HeadersConfig, args: Arguments): Refusal {
  const { action, list } = args;
  if (!isAction(action)) return WRONG_ACTION;
  if (action === 'note' && list === 'request' && isAtLeast(cmd.host, 66)) {
    return "RequestHeader does not support the 'note' action";
  }
  const taken = takeArguments(cmd, action, args);
  if (typeof taken === 'string') return taken;
  const condition = taken.clause === undefined ? undefined : parseCondition(cmd, taken.clause);
  if (typeof condition === 'string') return condition;
  const value = taken.format === undefined ? undefined : parseValue(cmd, taken.format);
  if (typeof value === 'string') return value;
  const header = args.header.split(':', 1)[0] ?? '';
  const { regex } = taken;
  const written = cmd.directive.args.trim();
  const { origin } = cmd;
  config[list] = [...config[list], { action, header, value, regex, condition, origin, written }];
  return undefined;
}

function takeArguments(cmd: Command, action: HeaderAction, args: Arguments): Taken | string {
  const { value, substitution, clause } = args;
  if (action === 'edit' || action === 'edit*') {
    if (substitution === undefined) return 'Header edit requires a match and a substitution';
    const regex = cmd.compile(value ?? '');
    return regex === undefined
      ? 'Header edit regex could not be compiled'
      : { regex, format: substitution, clause };
  }
  if (clause !== undefined) return 'Too many arguments to directive';
  if (action === 'unset') {
    if (value !== undefined && substitution !== undefined) return 'header unset takes two arguments';
    return { clause: value ?? substitution };
  }
  if (action === 'echo') return takeEcho(cmd, args);
  return value === undefined ? 'Header requires three arguments' : { format: value, clause: substitution };
}

function takeEcho(cmd: Command, { list, header, value, substitution }: Arguments): Taken | string {
  if (value !== undefined && substitution !== undefined) return 'Header echo takes two arguments';
  if (list === 'request') return 'Header echo only valid on Header directives';
  const regex = cmd.compile(header);
  return regex === undefined
    ? 'Header echo regex could not be compiled'
    : { regex, clause: value ?? substitution };
}

function parseCondition(cmd: Command, clause: string): HeaderCondition | string {
  const lower = clause.toLowerCase();
  if (lower === 'early') return { kind: 'early' };
  if (lower.startsWith('env=')) {
    const name = clause.slice(4);
    if (name === '' || name === '!')
      return 'error: missing environment variable name. envclause should be in the form env=envar ';
    const isNegated = name.startsWith('!');
    return { kind: 'env', name: isNegated ? name.slice(1) : name, isNegated };
  }
  if (!lower.startsWith('expr=')) return `Unknown parameter: ${clause}`;
  const parsed = cmd.parseExpr('Header condition', clause.slice(5));
  return 'refusal' in parsed ? parsed.refusal : { kind: 'expr', expr: parsed.expr };
}

function parseValue(cmd: Command, text: string): HeaderValue | string {
  if (text.startsWith('expr=')) {
    const parsed = cmd.parseExpr('Header value', text.slice(5));
    return 'refusal' in parsed ? parsed.refusal : { kind: 'expr', expr: parsed.expr };
  }
  const tags = parseFormat(text);
  return typeof tags === 'string' ? tags : { kind: 'format', tags };
}
