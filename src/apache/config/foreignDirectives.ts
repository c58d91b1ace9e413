import { defineModule, type ApacheModule, type Directive } from '../modules/define';
import type { AuthzProvider } from '../modules/providers';

/** A directive of a module that is no part of Apache: taken whatever its arguments, wherever anything is. */
export const FOREIGN_DIRECTIVE: Directive<unknown> = {
  args: 'RAW_ARGS',
  where: ['All'],
  help: '',
  summary: 'A directive of a module that is no part of Apache.',
  apply: () => undefined,
};

/** The module that stands for all of those. */
export const FOREIGN: ApacheModule = defineModule({ name: 'foreign', directives: {} });

/** What stands behind a word of `Require` that such a module brings: nobody is asked here, so nobody is let in. */
export const FOREIGN_PROVIDER: AuthzProvider = { parse: () => ({ check: () => 'denied' }) };
