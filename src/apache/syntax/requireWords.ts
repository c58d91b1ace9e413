import { readWord } from './words';

/** How a `Require` line begins: perhaps `not`, then the provider's name; `rest` is what follows. */
export interface RequireStart {
  readonly negate: boolean;
  readonly provider: string;
  readonly rest: string;
}

export function readRequire(args: string): RequireStart {
  const first = readWord(args, 0);
  const negate = first.value.toLowerCase() === 'not';
  const name = negate ? readWord(args, first.next) : first;
  return { negate, provider: name.value, rest: args.slice(name.next) };
}
