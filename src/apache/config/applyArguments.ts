import { readWord, readWords } from '../syntax/words';
import type { Command, Directive, DirectiveOf, Refusal } from '../modules/define';
import type { RegisteredDirective } from './registry';

/** AP_MAX_ARGC: arguments of a TAKE_ARGV directive beyond it are ignored. */
const MAX_ARGUMENTS = 64;

/** Splits the arguments as the directive's kind says and calls its function (the switch of invoke_cmd). */
export function applyArguments(
  record: RegisteredDirective,
  cmd: Command,
  config: unknown,
  args: string,
): Refusal {
  const directive = record.directive;
  switch (directive.args) {
    case 'RAW_ARGS':
      return directive.apply?.(cmd, config, args);
    case 'NO_ARGS':
      return args === '' ? directive.apply?.(cmd, config) : `${record.name} takes no arguments`;
    case 'TAKE_ARGV':
      return directive.apply?.(cmd, config, argumentVector(args));
    case 'FLAG': {
      const word = readWord(args, 0).value.toLowerCase();
      if (word !== 'on' && word !== 'off') return `${record.name} must be On or Off`;
      return directive.apply?.(cmd, config, word === 'on');
    }
    case 'ITERATE':
      return applyToEach(record.name, directive, { cmd, config, args });
    case 'ITERATE2':
      return applyToEachPair(record.name, directive, { cmd, config, args });
    default:
      return applyToUpToThree(record.name, directive, { cmd, config, args });
  }
}

interface Invocation {
  readonly cmd: Command;
  readonly config: unknown;
  readonly args: string;
}

function argumentVector(args: string): string[] {
  const words = readWords(args).map((word) => word.value);
  // An empty word at the end ends the list.
  if (words.at(-1) === '') words.pop();
  return words.slice(0, MAX_ARGUMENTS);
}

function wrongNumber(name: string, directive: Directive<unknown>, words: string): string {
  return `${name} ${words}${directive.help === undefined ? '' : `, ${directive.help}`}`;
}

function applyToEach(name: string, directive: DirectiveOf<'ITERATE', unknown>, given: Invocation): Refusal {
  const { cmd, config, args } = given;
  let word = readWord(args, 0);
  if (word.value === '') return wrongNumber(name, directive, 'requires at least one argument');
  for (; word.value !== ''; word = readWord(args, word.next)) {
    const refusal = directive.apply?.(cmd, config, word.value);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function applyToEachPair(
  name: string,
  directive: DirectiveOf<'ITERATE2', unknown>,
  { cmd, config, args }: Invocation,
): Refusal {
  const first = readWord(args, 0);
  if (first.value === '' || first.next >= args.length) {
    return wrongNumber(name, directive, 'requires at least two arguments');
  }
  for (let word = readWord(args, first.next); word.value !== ''; word = readWord(args, word.next)) {
    const refusal = directive.apply?.(cmd, config, first.value, word.value);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

type Counted = 'TAKE1' | 'TAKE2' | 'TAKE12' | 'TAKE3' | 'TAKE23' | 'TAKE123' | 'TAKE13';

function applyToUpToThree(
  name: string,
  directive: { [Kind in Counted]: DirectiveOf<Kind, unknown> }[Counted],
  { cmd, config, args }: Invocation,
): Refusal {
  const a = readWord(args, 0);
  const b = readWord(args, a.next);
  const c = readWord(args, b.next);
  // Apache reads the later words of these three kinds only while something is left, so `""` is a value there.
  const second = a.next < args.length ? b.value : undefined;
  const third = b.next < args.length ? c.value : undefined;
  const none = a.value === '';
  const lessThanTwo = none || b.value === '';
  const moreThanThree = c.next < args.length;
  switch (directive.args) {
    case 'TAKE1':
      if (none || a.next < args.length) return wrongNumber(name, directive, 'takes one argument');
      return directive.apply?.(cmd, config, a.value);
    case 'TAKE2':
      if (lessThanTwo || b.next < args.length) return wrongNumber(name, directive, 'takes two arguments');
      return directive.apply?.(cmd, config, a.value, b.value);
    case 'TAKE12':
      if (none || b.next < args.length) return wrongNumber(name, directive, 'takes 1-2 arguments');
      return directive.apply?.(cmd, config, a.value, b.value === '' ? undefined : b.value);
    case 'TAKE3':
      if (lessThanTwo || c.value === '' || moreThanThree)
        return wrongNumber(name, directive, 'takes three arguments');
      return directive.apply?.(cmd, config, a.value, b.value, c.value);
    case 'TAKE23':
      if (lessThanTwo || moreThanThree) return wrongNumber(name, directive, 'takes two or three arguments');
      return directive.apply?.(cmd, config, a.value, b.value, third);
    case 'TAKE123':
      if (none || moreThanThree) return wrongNumber(name, directive, 'takes one, two or three arguments');
      return directive.apply?.(cmd, config, a.value, second, third);
    case 'TAKE13':
      if (none || (second !== undefined && second !== '' && third === undefined) || moreThanThree) {
        return wrongNumber(name, directive, 'takes one or three arguments');
      }
      return directive.apply?.(cmd, config, a.value, second, third);
  }
}
