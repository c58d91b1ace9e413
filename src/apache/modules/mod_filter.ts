import { defineModule, type Command, type Refusal } from './define';
import { isOutputFilter } from './outputFilters';

function filterProvider(cmd: Command, provider: string, expression: string): Refusal {
  if (!isOutputFilter(provider, cmd.host.modules)) return `Unknown filter provider ${provider}`;
  const parsed = cmd.parseExpr('FilterProvider', expression);
  return 'refusal' in parsed ? parsed.refusal : undefined;
}

/** What FilterProtocol must find: the providers of each smart filter, in lower case. */
export interface FilterConfig {
  readonly providers: Map<string, Set<string>>;
}

function addProvider(config: FilterConfig, filter: string, provider: string): void {
  const providers = config.providers.get(filter) ?? new Set();
  config.providers.set(filter, providers.add(provider.toLowerCase()));
}

function filterProtocol(
  config: FilterConfig,
  filter: string,
  provider: string,
  options: string | undefined,
): Refusal {
  const providers = config.providers.get(filter);
  if (providers === undefined) return 'FilterProtocol: No such filter';
  const isKnown = options === undefined || providers.has(provider.toLowerCase());
  return isKnown ? undefined : 'FilterProtocol: No such provider for this filter';
}

function outputFilterByType(cmd: Command, config: FilterConfig, values: readonly string[]): Refusal {
  const [names, ...types] = values;
  if (names === undefined || types.length === 0)
    return 'AddOutputFilterByType requires at least two arguments';
  for (const name of names.split(';').filter((part) => part !== '')) {
    if (!isOutputFilter(name, cmd.host.modules)) return `Unknown filter provider ${name}`;
    addProvider(config, `BYTYPE:${name}`, name);
  }
  return undefined;
}

export const mod_filter = defineModule<FilterConfig>({
  name: 'mod_filter',
  createDirConfig: () => ({ providers: new Map() }),
  directives: {
    FilterDeclare: {
      args: 'TAKE12',
      where: ['Options'],
      help: 'filter-name [filter-type]',
      summary: 'Declares a filter that chooses between providers.',
      apply(_cmd, config, filter) {
        config.providers.set(filter, new Set());
        return undefined;
      },
    },
    FilterProvider: {
      args: 'TAKE3',
      where: ['Options'],
      help: 'filter-name provider-name match-expression',
      summary: 'Adds a provider to a declared filter, for responses for which an expression holds.',
      apply(cmd, config, filter, provider, expression) {
        const refusal = filterProvider(cmd, provider, expression);
        if (refusal === undefined) addProvider(config, filter, provider);
        return refusal;
      },
    },
    FilterChain: {
      args: 'ITERATE',
      where: ['Options'],
      help: 'list of filter names with optional [+-=!@]',
      summary: 'Puts declared filters into the chain through which responses go, or takes them out.',
      apply: () => undefined,
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
      apply: (_cmd, config, filter, provider, options) => filterProtocol(config, filter, provider, options),
    },
  },
});
