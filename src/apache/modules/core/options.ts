import { readWords } from '../../syntax/words';
import type { DirectiveOf } from '../define';
import { OPTION, type CoreConfig } from './config';
import { lookup } from '../../../text/lookup';

const BY_NAME: Readonly<Record<string, number>> = {
  indexes: OPTION.indexes,
  includes: OPTION.includes | OPTION.includesWithExec,
  includesnoexec: OPTION.includes,
  followsymlinks: OPTION.followSymLinks,
  symlinksifownermatch: OPTION.symLinksIfOwnerMatch,
  execcgi: OPTION.execCgi,
  multiviews: OPTION.multiViews,
  runscripts: OPTION.multiViews | OPTION.execCgi,
  none: OPTION.none,
  all: OPTION.all,
};

const MIXED = 'Either all Options must start with + or -, or no Option may.';

/** The bits of a list of option names, as a host profile gives them; unknown names count nothing. */
export function optionBits(names: readonly string[]): number {
  return names.reduce((bits, name) => bits | (lookup(BY_NAME, name.toLowerCase()) ?? 0), 0);
}

/** What completion offers; each may have a sign. */
const OPTION_WORDS = [
  'None', 'All', 'Indexes', 'FollowSymLinks', 'SymLinksIfOwnerMatch', 'ExecCGI', 'Includes', 'IncludesNOEXEC', 'MultiViews',
]; // prettier-ignore

/** Options: either a whole new set, or changes with + and - to the inherited one. */
export const options: DirectiveOf<'RAW_ARGS', CoreConfig> = {
  args: 'RAW_ARGS',
  where: ['Options'],
  help: 'Set a number of attributes for a given directory',
  summary: 'What is allowed in this folder: listings, links, scripts, includes, negotiation.',
  values: OPTION_WORDS,
  apply(cmd, config, args) {
    const allowed = cmd.overrideOptions === 'all' ? -1 : optionBits(cmd.overrideOptions);
    let isFirst = true;
    let isMerge = false;
    let isAllOrNone = false;
    for (const word of readWords(args)) {
      const sign = /^[+-]/.exec(word.value)?.[0] ?? '';
      const name = word.value.slice(sign.length);
      const key = name.toLowerCase();
      if (sign !== '') {
        if (!isMerge && !isFirst && !isAllOrNone) return MIXED;
        isMerge = true;
      } else if (isFirst) {
        config.options = OPTION.none;
      } else if (isMerge) {
        return MIXED;
      }
      if (key === 'none' || key === 'all') {
        const title = key === 'none' ? 'None' : 'All';
        if (!isFirst)
          return `'Options ${title}' must be the first ${key === 'none' ? 'Option' : 'option'} given.`;
        if (isMerge) return `You may not use 'Options +${title}' or 'Options -${title}'.`;
        isAllOrNone = true;
      }
      const option = lookup(BY_NAME, key);
      if (option === undefined) return `Illegal option ${name}`;
      if ((allowed & option) !== option) return `Option ${name} not allowed here`;
      change(config, sign, option);
      isFirst = false;
    }
    return undefined;
  },
};

function change(config: CoreConfig, sign: string, option: number): void {
  if (sign === '-') {
    config.optionsRemoved |= option;
    config.optionsAdded &= ~option;
    config.options &= ~option;
    return;
  }
  if (sign === '+') {
    config.optionsAdded |= option;
    config.optionsRemoved &= ~option;
  }
  config.options |= option;
}
