/** C's atoi: the number that a text begins with, else 0; beyond 32 bits as the processor cuts it. */
export function leadingInteger(text: string): number {
  return Number(BigInt.asIntN(32, readInteger(text).value));
}

/** What strtol and apr_strtoi64 read: the number, how much of the text it was, and whether 64 bits were too few. */
export interface ReadInteger {
  readonly value: bigint;
  /** What follows the digits; the whole text when there are none. */
  readonly rest: string;
  readonly isOutOfRange: boolean;
}

const LARGEST = 0x7fffffffffffffffn;
const SMALLEST = -0x8000000000000000n;

/** Reads a decimal number of 64 bits at the beginning of a text, as C's strtol and APR's apr_strtoi64 and apr_strtoff do with base 10. */
export function readInteger(text: string): ReadInteger {
  const found = /^[ \t\n\v\f\r]*([+-]?\d+)/.exec(text);
  if (found?.[1] === undefined) return { value: 0n, rest: text, isOutOfRange: false };
  const value = BigInt(found[1].replace(/^\+/, ''));
  const rest = text.slice(found[0].length);
  if (value > LARGEST) return { value: LARGEST, rest, isOutOfRange: true };
  if (value < SMALLEST) return { value: SMALLEST, rest, isOutOfRange: true };
  return { value, rest, isOutOfRange: false };
}

/** The value of ap_set_int_slot: the whole text must be a number. Cut to 32 bits, as Apache stores it. */
export function integerSlot(directive: string, text: string): number | { readonly refusal: string } {
  const { value, rest } = readInteger(text);
  if (text === '' || rest !== '')
    return { refusal: `Invalid value for directive ${directive}, expected integer` };
  return Number(BigInt.asIntN(32, value));
}
