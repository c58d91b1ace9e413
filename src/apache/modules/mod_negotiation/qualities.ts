import { lowerCase } from '../../../text/bytes';
import type { AcceptEntry } from './accept';
import { isHtml, isPlain, type Variant } from './variant';

/** What the client accepts; undefined where it sent no such header. */
export interface Accepted {
  readonly types: readonly AcceptEntry[];
  /** True when the Accept header has a q value, so that wildcards are taken at their word. */
  readonly hasQuality: boolean;
  readonly languages: readonly AcceptEntry[] | undefined;
  readonly charsets: readonly AcceptEntry[] | undefined;
  readonly encodings: readonly AcceptEntry[] | undefined;
}

/** LanguagePriority and ForceLanguagePriority. */
export interface LanguageRules {
  readonly priority: readonly string[];
  readonly prefer: boolean;
  readonly fallback: boolean;
}

/** True when the entry covers the variant's type; notes how exactly (mime_match). */
function matchType(entry: AcceptEntry, variant: Variant): boolean {
  if (entry.name === '*' || entry.name === '*/*') {
    variant.stars = Math.max(variant.stars, 1);
    return true;
  }
  if (entry.name.endsWith('/*') && variant.type.startsWith(entry.name.slice(0, -1))) {
    variant.stars = Math.max(variant.stars, 2);
    return true;
  }
  const isSame = entry.name === variant.type || (entry.name === 'text/html' && isHtml(variant.type));
  if (!isSame || entry.level < variant.level) return false;
  variant.levelMatched = variant.level;
  variant.stars = 3;
  return true;
}

/** How welcome the type is (set_accept_quality). */
export function setTypeQuality(variant: Variant, { types, hasQuality }: Accepted): void {
  let quality = 0;
  for (const entry of types) {
    const before = variant.stars;
    if (!matchType(entry, variant) || before === variant.stars) continue;
    const isGuess = !hasQuality && variant.stars < 3;
    quality = isGuess ? Math.fround(variant.stars / 100) : entry.quality;
  }
  variant.typeQuality = quality;
}

const matchesRange = (language: string, range: string): boolean =>
  language === range || language.startsWith(`${range}-`);

/** The longest range of the header that covers a language; and whether a wider language of the header does. */
function bestRange(
  language: string,
  ranges: readonly AcceptEntry[],
): { best?: AcceptEntry; isRelated: boolean } {
  let best: AcceptEntry | undefined;
  let isRelated = false;
  for (const range of ranges) {
    if (range.name === '*') continue;
    if (matchesRange(language, range.name) && range.name.length > (best?.name.length ?? 0)) best = range;
    const dash = range.name.indexOf('-');
    if (best === undefined && dash >= 0 && language.startsWith(range.name.slice(0, dash))) isRelated = true;
  }
  return { ...(best && { best }), isRelated };
}

function acceptedLanguageQuality(languages: readonly string[], ranges: readonly AcceptEntry[]): number {
  const star = ranges.find((range) => range.name === '*');
  let best: AcceptEntry | undefined;
  let isStarred = false;
  let isRelated = false;
  for (const language of languages) {
    const found = bestRange(language, ranges);
    isRelated ||= found.isRelated;
    if (best === undefined || (found.best !== undefined && found.best.quality > best.quality))
      best = found.best;
    if (found.best === undefined && star !== undefined) isStarred = true;
  }
  if (isStarred && star !== undefined && (best === undefined || star.quality > best.quality)) best = star;
  return best?.quality ?? (isRelated ? Math.fround(0.001) : 0);
}

function priorityOf(languages: readonly string[], priority: readonly string[]): number {
  const places = languages.map((language) =>
    priority.findIndex((prefix) => lowerCase(language).startsWith(lowerCase(prefix))),
  );
  const found = places.filter((place) => place >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

/** How welcome the language is (set_language_quality); `byDefault` is for files without language. */
export function setLanguageQuality(
  variant: Variant,
  { languages }: Accepted,
  { rules, byDefault }: { rules: LanguageRules; byDefault: number },
): void {
  if (variant.languages.length === 0) {
    variant.languageQuality = byDefault;
    return;
  }
  if (languages !== undefined)
    variant.languageQuality = acceptedLanguageQuality(variant.languages, languages);
  const isAccepted = variant.languageQuality !== 0;
  if (!(rules.prefer && variant.languageIndex < 0) && !(rules.fallback && !isAccepted)) return;
  const place = priorityOf(variant.languages, rules.priority);
  if (place < 0) return;
  if (isAccepted) {
    if (rules.prefer) variant.languageIndex = place;
  } else if (rules.fallback) {
    variant.languageIndex = place;
    variant.languageQuality = Math.fround(0.0001);
  }
}

/** How welcome the character set is (set_charset_quality). */
export function setCharsetQuality(variant: Variant, { charsets }: Accepted): void {
  if (charsets === undefined) return;
  const isText = variant.type.startsWith('text/');
  if (variant.charset === '' && !isText) return;
  const charset = variant.charset === '' ? 'iso-8859-1' : variant.charset;
  const own = charsets.find((entry) => entry.name === charset);
  const star = charsets.findLast((entry) => entry.name === '*');
  variant.charsetQuality = own?.quality ?? star?.quality ?? (charset === 'iso-8859-1' ? 1 : 0);
}

const withoutX = (encoding: string): string => encoding.replace(/^x-/, '');

/** How welcome the compression is (set_encoding_quality). */
export function setEncodingQuality(variant: Variant, { encodings }: Accepted): void {
  const isIdentity = isPlain(variant.encoding);
  if (encodings === undefined) {
    variant.encodingQuality = isIdentity ? 1 : 0.5;
    return;
  }
  const wanted = isIdentity ? 'identity' : withoutX(variant.encoding ?? '');
  const own = encodings.find((entry) => withoutX(entry.name) === wanted);
  const star = encodings.findLast((entry) => withoutX(entry.name) === '*');
  variant.encodingQuality = own?.quality ?? star?.quality ?? (isIdentity ? Math.fround(0.0001) : 0);
}
