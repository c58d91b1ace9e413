import type { Random } from '../random';
import { RESPONSE_VALUES } from './responses';

/** Makes the arguments of a directive as they stand in a line: mostly right ones, with slips. */
export type ValueMaker = (random: Random) => string;

/** By directive name; sections with `<`, their arguments without `>`. */
export const VALUES: Readonly<Record<string, ValueMaker>> = { ...RESPONSE_VALUES };
