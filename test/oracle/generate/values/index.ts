import type { Random } from '../random';
import { AUTH_VALUES } from './auth';
import { FILTER_VALUES } from './filters';
import { PROGRAM_VALUES } from './programs';
import { RESPONSE_VALUES } from './responses';
import { REWRITE_VALUES } from './rewrite';

/** Makes the arguments of a directive as they stand in a line: mostly right ones, with slips. */
export type ValueMaker = (random: Random) => string;

/** By directive name; sections with `<`, their arguments without `>`. */
export const VALUES: Readonly<Record<string, ValueMaker>> = {
  ...AUTH_VALUES,
  ...FILTER_VALUES,
  ...PROGRAM_VALUES,
  ...RESPONSE_VALUES,
  ...REWRITE_VALUES,
};
