import { defineModule, type ApacheModule, type Refusal } from '../define';
import { fixEncoding, multiViews } from './multiViews';

type Force = 'none' | 'prefer' | 'fallback';

/** mod_negotiation's per-directory configuration; undefined means not set. */
export interface NegotiationConfig {
  languages: readonly string[] | undefined;
  force: ReadonlySet<Force> | undefined;
}

const isForce = (word: string): word is Force => ['none', 'prefer', 'fallback'].includes(word);

function forcePriority(config: NegotiationConfig, value: string): Refusal {
  const word = value.toLowerCase();
  if (!isForce(word)) return `Invalid ForceLanguagePriority option ${value}`;
  const force = config.force ?? new Set<Force>();
  if (word === 'none' && (force.has('prefer') || force.has('fallback')))
    return 'Cannot combine ForceLanguagePriority options with None';
  if (word !== 'none' && force.has('none')) {
    const name = word === 'prefer' ? 'Prefer' : 'Fallback';
    return `Cannot combine ForceLanguagePriority options None and ${name}`;
  }
  config.force = new Set([...force, word]);
  return undefined;
}

export const mod_negotiation: ApacheModule<NegotiationConfig> = defineModule<NegotiationConfig>({
  name: 'mod_negotiation',
  createDirConfig: () => ({ languages: undefined, force: undefined }),
  mergeDirConfig: (base, add) => ({
    languages: add.languages ?? base.languages,
    force: add.force ?? base.force,
  }),
  directives: {
    CacheNegotiatedDocs: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: "Either 'on' or 'off' (default)",
      summary:
        'Lets proxies of old clients keep documents that were chosen by negotiation. Only the host can set it.',
    },
    LanguagePriority: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'space-delimited list of MIME language abbreviations',
      summary: 'Which language is chosen where the browser has no preference.',
      apply(_cmd, config, language) {
        config.languages = [...(config.languages ?? []), language];
        return undefined;
      },
    },
    ForceLanguagePriority: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'Force LanguagePriority elections, either None, or Fallback and/or Prefer',
      summary:
        'Whether LanguagePriority decides between several acceptable languages (Prefer), or where none is acceptable (Fallback), instead of an error.',
      values: ['None', 'Prefer', 'Fallback'],
      apply: (_cmd, config, value) => forcePriority(config, value),
    },
  },
  hooks: {
    typeChecker(r) {
      const { languages: priority = [], force } = r.perDirConfig.get(mod_negotiation) ?? {};
      const fallback = force?.has('fallback') ?? false;
      return multiViews(r, { priority, prefer: force?.has('prefer') ?? true, fallback });
    },
    fixups: fixEncoding,
  },
});
