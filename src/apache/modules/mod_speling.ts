import { lowerCase } from '../../text/bytes';
import type { HookResult } from '../request/hooks';
import type { RequestRecord } from '../request/record';
import { escapeUri } from '../request/uri';
import { constructUrl } from '../request/url';
import { defineModule, type ApacheModule } from './define';

/** mod_speling's per-directory configuration. The deepest folder's one counts alone. */
export interface SpelingConfig {
  isEnabled: boolean;
  checkCaseOnly: boolean;
  checkBasename: boolean;
}

/** How a name differs from the one that was asked for, from the best match to the worst. */
const REASONS = [
  'identical',
  'miscapitalized',
  'transposed characters',
  'character missing',
  'extra character',
  'mistyped character',
  'common basename',
] as const;

const QUALITY = { miscapitalized: 1, transposed: 2, missing: 3, extra: 4, mistyped: 5, basename: 6 } as const;

export const mod_speling: ApacheModule<SpelingConfig> = defineModule<SpelingConfig>({
  name: 'mod_speling',
  createDirConfig: () => ({ isEnabled: false, checkCaseOnly: false, checkBasename: true }),
  directives: {
    CheckSpelling: {
      args: 'FLAG',
      where: ['Options'],
      help: 'whether or not to fix miscapitalized/misspelled requests',
      summary: 'Sends visitors who mistyped one letter or the case of a name to the right file.',
      apply(_cmd, config, on) {
        config.isEnabled = on;
        return undefined;
      },
    },
    CheckCaseOnly: {
      args: 'FLAG',
      where: ['Options'],
      help: 'whether or not to fix only miscapitalized requests',
      summary: 'Limits CheckSpelling to upper and lower case.',
      apply(_cmd, config, on) {
        config.checkCaseOnly = on;
        return undefined;
      },
    },
    CheckBasenameMatch: {
      args: 'FLAG',
      where: ['Options'],
      help: 'whether or not to fix files with the same base name',
      since: 50,
      summary: 'Whether CheckSpelling also offers files that differ only in what follows the first dot.',
      apply(_cmd, config, on) {
        config.checkBasename = on;
        return undefined;
      },
    },
  },
  hooks: { lastFixups: checkSpelling },
});

interface Candidate {
  readonly name: string;
  readonly quality: number;
}

/** Looks for names like the missing one in its folder (check_speling). */
function checkSpelling(r: RequestRecord): HookResult {
  const config = r.perDirConfig.get(mod_speling);
  if (config?.isEnabled !== true || (r.method !== 'GET' && r.method !== 'HEAD')) return 'declined';
  if (r.finfo !== undefined || r.isProxied || r.filename === null || r.main !== null) return 'declined';
  const slash = r.filename.lastIndexOf('/');
  if (slash < 0 || r.uri === '/') return 'declined';
  const wrong = r.filename.slice(slash + 1);
  const missing = `${wrong}${r.pathInfo ?? ''}`;
  if (!r.uri.endsWith(missing)) return 'declined';
  const listed = r.site.list(r.filename.slice(0, slash));
  if (listed === undefined) return 'declined';
  const names = ['.', '..', ...listed];
  if (names.includes(wrong)) return 'ok';
  const candidates = names.flatMap((name) => {
    const quality = qualityOf(config, wrong, name);
    return quality === undefined ? [] : [{ name, quality }];
  });
  const folder = r.uri.slice(0, r.uri.length - missing.length);
  return offer(
    r,
    folder,
    candidates.toSorted((a, b) => a.quality - b.quality),
  );
}

function qualityOf(config: SpelingConfig, wrong: string, name: string): number | undefined {
  const [asked, there] = [lowerCase(wrong), lowerCase(name)];
  if (asked === there) return QUALITY.miscapitalized;
  const typo = config.checkCaseOnly ? undefined : typoOf(asked, there);
  if (typo !== undefined) return typo;
  const isSameBase = asked.split('.', 1)[0] === there.split('.', 1)[0];
  return config.checkBasename && isSameBase ? QUALITY.basename : undefined;
}

/** The one typing error between two names that differ; undefined for more than one (spdist). */
function typoOf(asked: string, there: string): number | undefined {
  let at = 0;
  while (asked[at] === there[at]) at += 1;
  const [s, t] = [asked.slice(at), there.slice(at)];
  if (s !== '' && t !== '') {
    const isSwapped = s.length > 1 && t.length > 1 && s[0] === t[1] && t[0] === s[1];
    if (isSwapped && s.slice(2) === t.slice(2)) return QUALITY.transposed;
    if (s.slice(1) === t.slice(1)) return QUALITY.mistyped;
  }
  if (s !== '' && s.slice(1) === t) return QUALITY.extra;
  return t !== '' && s === t.slice(1) ? QUALITY.missing : undefined;
}

/** A redirect to the one best match, or a list of all. */
function offer(r: RequestRecord, folder: string, candidates: readonly Candidate[]): HookResult {
  const [best, next] = candidates;
  if (best === undefined) return 'ok';
  // The query as it came, whatever rules made of it.
  const query = /\?[^#]*/.exec(r.unparsedUri)?.[0] ?? '';
  if (best.quality !== QUALITY.basename && best.quality !== next?.quality) {
    const url = `${escapeUri(`${folder}${best.name}${r.pathInfo ?? ''}`)}${query}`;
    r.headersOut.set('Location', constructUrl(r, url));
    r.traceDirective('mod_speling', {
      directive: 'CheckSpelling',
      text: `Fixed spelling: ${r.uri} to ${url}`,
      result: 'applied',
      changes: [
        { what: 'status', after: '301' },
        { what: 'location', after: r.headersOut.get('Location') ?? url },
      ],
    });
    return 301;
  }
  // Apache puts its commas between all pieces, quotes too.
  const variants = candidates.map(({ name, quality }) => {
    const url = escapeUri(`${folder}${name}${r.pathInfo ?? ''}${query}`);
    return `",${url},";",${REASONS[quality] ?? ''},"`;
  });
  r.env.merge('VARIANTS', variants.join(','));
  r.traceDirective('mod_speling', {
    directive: 'CheckSpelling',
    text: `Spelling fix: ${r.uri}: ${candidates.length} candidates`,
    result: 'applied',
    changes: [{ what: 'status', after: '300' }],
  });
  return 300;
}
