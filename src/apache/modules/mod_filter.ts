import { lowerCase } from '../../text/bytes';
import type { Expr } from '../expr';
import { defineModule, type ApacheModule, type Command, type Refusal } from './define';
import { isOutputFilter } from './outputFilters';

/** One provider of a smart filter, and the answers that it takes. */
export interface FilterProvider {
  /** In lower case. */
  readonly filter: string;
  readonly when: { readonly types: readonly string[] } | { readonly expr: Expr };
}

/** mod_filter's per-directory configuration. */
export interface FilterConfig {
  /** The providers of each smart filter, the last one first. */
  readonly filters: Map<string, readonly FilterProvider[]>;
  /** Names of smart filters in order; null empties what outer folders have. */
  chain: readonly (string | null)[];
}

function addProvider(config: FilterConfig, name: string, provider: FilterProvider): void {
  config.filters.set(name, [provider, ...(config.filters.get(name) ?? [])]);
}

function filterProvider(
  cmd: Command,
  config: FilterConfig,
  [name, filter, expression]: readonly [string, string, string],
): Refusal {
  if (!isOutputFilter(filter, cmd.host.modules)) return `Unknown filter provider ${filter}`;
  const parsed = cmd.parseExpr('FilterProvider', expression);
  if ('refusal' in parsed) return parsed.refusal;
  addProvider(config, name, { filter: lowerCase(filter), when: { expr: parsed.expr } });
  return undefined;
}

function filterProtocol(
  config: FilterConfig,
  name: string,
  [filter, options]: readonly [string, string | undefined],
): Refusal {
  const providers = config.filters.get(name);
  if (providers === undefined) return 'FilterProtocol: No such filter';
  const isKnown =
    options === undefined || providers.some((provider) => provider.filter === lowerCase(filter));
  return isKnown ? undefined : 'FilterProtocol: No such provider for this filter';
}

/** Changes the chain by the sign before the name: at the end, at the start, away, emptied, or this one alone. */
function changeChain(config: FilterConfig, argument: string): void {
  const sign = argument[0] ?? '';
  const name = '+@-!='.includes(sign) ? argument.slice(1) : argument;
  const { chain } = config;
  if (sign === '@') config.chain = [name, ...chain];
  else if (sign === '-')
    config.chain = chain.filter((known) => known === null || lowerCase(known) !== lowerCase(name));
  else if (sign === '!') config.chain = [null];
  else if (sign === '=') config.chain = [null, name];
  else config.chain = [...chain, name];
}

function outputFilterByType(cmd: Command, config: FilterConfig, values: readonly string[]): Refusal {
  const [names, ...types] = values;
  if (names === undefined || types.length === 0)
    return 'AddOutputFilterByType requires at least two arguments';
  for (const filter of names.split(';').filter((part) => part !== '')) {
    if (!isOutputFilter(filter, cmd.host.modules)) return `Unknown filter provider ${filter}`;
    const name = `BYTYPE:${filter}`;
    if (!config.filters.has(name)) changeChain(config, name);
    addProvider(config, name, { filter: lowerCase(filter), when: { types } });
  }
  return undefined;
}

/** The deeper folder's filters over the outer ones, and its chain behind theirs unless it empties them (filter_merge). */
function mergeFilters(base: FilterConfig, add: FilterConfig): FilterConfig {
  const isEmptied = add.chain.includes(null);
  return {
    filters: new Map([...base.filters, ...add.filters]),
    chain: isEmptied ? add.chain : [...base.chain, ...add.chain],
  };
}

export const mod_filter: ApacheModule<FilterConfig> = defineModule<FilterConfig>({
  name: 'mod_filter',
  createDirConfig: () => ({ filters: new Map(), chain: [] }),
  mergeDirConfig: mergeFilters,
  directives: {
    FilterDeclare: {
      args: 'TAKE12',
      where: ['Options'],
      help: 'filter-name [filter-type]',
      summary: 'Declares a filter that chooses between providers.',
      apply(_cmd, config, name) {
        config.filters.set(name, []);
        return undefined;
      },
    },
    FilterProvider: {
      args: 'TAKE3',
      where: ['Options'],
      help: 'filter-name provider-name match-expression',
      summary: 'Adds a provider to a declared filter, for responses for which an expression holds.',
      apply: (cmd, config, name, filter, expression) =>
        filterProvider(cmd, config, [name, filter, expression]),
    },
    FilterChain: {
      args: 'ITERATE',
      where: ['Options'],
      help: 'list of filter names with optional [+-=!@]',
      summary: 'Puts declared filters into the chain through which responses go, or takes them out.',
      apply(_cmd, config, argument) {
        changeChain(config, argument);
        return undefined;
      },
    },
    FilterTrace: {
      args: 'TAKE2',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'filter-name debug-level',
      summary: 'Writes what goes through a filter to the log. Only the host can set it.',
    },
    AddOutputFilterByType: {
      args: 'TAKE_ARGV',
      where: ['FileInfo'],
      help: 'output filter name followed by one or more content-types',
      summary: 'Sends responses of some media types through a filter, as DEFLATE for compression.',
      values: ['DEFLATE', 'BROTLI_COMPRESS', 'INCLUDES', 'SUBSTITUTE'],
      apply: outputFilterByType,
    },
    FilterProtocol: {
      args: 'TAKE23',
      where: ['Options'],
      help: 'filter-name [provider-name] protocol-args',
      summary: 'What a filter does to lengths, ranges and caches of responses.',
      values: ['change=yes', 'change=1:1', 'byteranges=no', 'proxy=no', 'proxy=transform', 'cache=no'],
      apply: (_cmd, config, name, filter, options) => filterProtocol(config, name, [filter, options]),
    },
  },
});
