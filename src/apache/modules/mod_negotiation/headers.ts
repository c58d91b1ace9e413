import type { RequestRecord } from '../../request/record';
import { escapeUri } from '../../request/uri';
import type { Variant } from './variant';

/** A name as one segment of a URL's path (ap_escape_path_segment). */
export function escapeSegment(name: string): string {
  return escapeUri(name).replaceAll(/[;/]/g, (character) => (character === ';' ? '%3b' : '%2f'));
}

/** Vary, TCN and, where there is a list of all or the client wants one, Alternates; among the headers for errors (set_neg_headers). */
export function setNegotiationHeaders(
  r: RequestRecord,
  variants: readonly Variant[],
  {
    isList,
    isTransparent,
    wantsList,
  }: { readonly isList: boolean; readonly isTransparent: boolean; readonly wantsList: boolean },
): void {
  const headers = r.errHeadersOut;
  if ((isList || wantsList) && variants.length > 0)
    headers.merge('Alternates', variants.map(alternateOf).join(', '));
  const vary = [...(isTransparent ? ['negotiate'] : []), ...differences(variants)];
  if (vary.length > 0) headers.merge('Vary', vary.join(', '));
  if (isTransparent) headers.set('TCN', isList ? 'list' : 'choice');
}

const DIMENSIONS: readonly (readonly [header: string, of: (variant: Variant) => string])[] = [
  ['accept', (variant) => variant.type],
  ['accept-language', (variant) => variant.languages.join(',')],
  ['accept-charset', (variant) => variant.charset],
  ['accept-encoding', (variant) => variant.encoding ?? ''],
];

function differences(variants: readonly Variant[]): string[] {
  const [first] = variants;
  if (first === undefined) return [];
  return DIMENSIONS.flatMap(([header, of]) =>
    variants.some((variant) => of(variant) !== of(first)) ? [header] : [],
  );
}

function alternateOf({ name, sourceQuality, found, ...variant }: Variant): string {
  const parts = [`{"${escapeSegment(name)}" ${Number(sourceQuality.toFixed(3))}`];
  if (variant.type !== '') parts.push(`{type ${variant.type}}`);
  if (variant.charset !== '') parts.push(`{charset ${variant.charset}}`);
  if (variant.languages.length > 0) parts.push(`{language ${variant.languages.join(',')}}`);
  if (variant.encoding !== null && variant.encoding !== '') parts.push(`{encoding ${variant.encoding}}`);
  if (found.handler === null) parts.push(`{length ${variant.bytes}}`);
  return `${parts.join(' ')}}`;
}
