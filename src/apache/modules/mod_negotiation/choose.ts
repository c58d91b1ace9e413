import { lowerCase } from '../../../text/bytes';
import type { RequestRecord } from '../../request/record';
import {
  setCharsetQuality,
  setEncodingQuality,
  setLanguageQuality,
  setTypeQuality,
  type Accepted,
  type LanguageRules,
} from './qualities';
import { isHtml, isPlain, type Variant } from './variant';

/** The best variant for a request; undefined when none is acceptable (best_match). */
export function chooseVariant(
  r: RequestRecord,
  variants: readonly Variant[],
  { accepted, rules }: { accepted: Accepted; rules: LanguageRules },
): Variant | undefined {
  const preferred = r.env.get('prefer-language');
  const usable = variants.filter((variant) => !isDiscarded(r, variant));
  const byDefault = variants.some(({ languages }) => languages.length > 0) ? Math.fround(0.0001) : 1;
  const rate = (variant: Variant, isPreferred: boolean): void => {
    setTypeQuality(variant, accepted);
    if (isPreferred) variant.languageQuality = 1;
    else setLanguageQuality(variant, accepted, { rules, byDefault });
    setEncodingQuality(variant, accepted);
    setCharsetQuality(variant, accepted);
  };
  if (preferred !== undefined) {
    const own = usable.filter(({ languages }) =>
      languages.some((language) => lowerCase(language) === lowerCase(preferred)),
    );
    for (const variant of own) rate(variant, true);
    const best = bestOf(own);
    if (best !== undefined) return best;
  }
  for (const variant of usable) rate(variant, false);
  return bestOf(usable);
}

/** What the variables no-gzip and gzip-only-text/html forbid. */
function isDiscarded(r: RequestRecord, { encoding, type }: Variant): boolean {
  if (isPlain(encoding) || encoding === 'identity') return false;
  if (r.env.get('no-gzip') !== undefined) return true;
  return r.env.get('gzip-only-text/html') === '1' && type !== 'text/html';
}

function bestOf(variants: readonly Variant[]): Variant | undefined {
  let best: Variant | undefined;
  let quality = 0;
  for (const variant of variants) {
    const own = Math.fround(variant.typeQuality * variant.sourceQuality);
    if (!isAcceptable(variant) || own < quality) continue;
    if (best === undefined || own > quality || isBetter(variant, best)) {
      best = variant;
      quality = own;
    }
  }
  return best;
}

function isAcceptable(variant: Variant): boolean {
  return (
    variant.encodingQuality !== 0 &&
    variant.languageQuality !== 0 &&
    variant.sourceQuality !== 0 &&
    variant.charsetQuality !== 0 &&
    variant.typeQuality !== 0
  );
}

/** Which of two variants of equal type quality is better: by language, level, character set, compression, length. */
function isBetter(variant: Variant, best: Variant): boolean {
  const order =
    variant.languageQuality - best.languageQuality ||
    byPriority(variant.languageIndex, best.languageIndex) ||
    byLevel(variant, best) ||
    byCharset(variant, best) ||
    variant.encodingQuality - best.encodingQuality ||
    best.bytes - variant.bytes;
  return order > 0;
}

function byPriority(index: number, best: number): number {
  const place = (at: number): number => (at < 0 ? Number.MAX_SAFE_INTEGER : at);
  return place(best) - place(index);
}

/** Levels are compared between files of one media type only. */
function byLevel(variant: Variant, best: Variant): number {
  const isComparable = isHtml(variant.type) ? isHtml(best.type) : variant.type === best.type;
  if (!isComparable) return 0;
  return variant.levelMatched - best.levelMatched || best.level - variant.level;
}

/** Any named character set goes before iso-8859-1. */
function byCharset(variant: Variant, best: Variant): number {
  const difference = variant.charsetQuality - best.charsetQuality;
  if (difference !== 0) return difference;
  const isNamed = (charset: string): boolean => charset !== '' && charset !== 'iso-8859-1';
  return isNamed(variant.charset) && !isNamed(best.charset) ? 1 : 0;
}
