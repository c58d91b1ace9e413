import type { HookResult } from '../../request/hooks';
import type { RequestRecord } from '../../request/record';
import { fastRedirect, lookUpName } from '../../request/subrequest';
import { core } from '../core';
import { OPTION } from '../core/config';
import { readAccept } from './accept';
import { chooseVariant } from './choose';
import { escapeSegment, setNegotiationHeaders } from './headers';
import type { Accepted, LanguageRules } from './qualities';
import { variantOf, type Variant } from './variant';

const CGI_TYPE = 'application/x-httpd-cgi';

/** Looks for files that begin with the name of the missing one, and takes the best (handle_multi). Type maps are not read. */
export function multiViews(r: RequestRecord, rules: LanguageRules): HookResult {
  const options = r.perDirConfig.get(core)?.options ?? 0;
  if (r.finfo !== undefined || (options & OPTION.multiViews) === 0) return 'declined';
  if (r.isProxied || r.filename === null) return 'declined';
  const variants = findVariants(r, r.filename);
  if (!Array.isArray(variants)) return variants;
  if (variants.length === 0) return 'declined';
  const isTransparent = isGet(r) && (r.pathInfo ?? '') === '';
  const { mayChoose, wantsList, hasOwnRules } = isTransparent ? negotiateHeader(r) : PLAIN;
  if (hasOwnRules) noteOwnRules(r);
  const best = mayChoose ? chooseVariant(r, variants, { accepted: acceptedBy(r), rules }) : undefined;
  if (best === undefined) {
    setNegotiationHeaders(r, variants, { isList: true, isTransparent, wantsList });
    if (wantsList) return 300;
    r.logError(`AH00690: no acceptable variant: ${r.filename}`);
    return 406;
  }
  if (isTransparent) {
    if (best.found.errHeadersOut.get('TCN') !== undefined) return 506;
    r.errHeadersOut.set('Content-Location', escapeSegment(best.name));
  }
  setNegotiationHeaders(r, variants, { isList: false, isTransparent, wantsList });
  best.found.args ??= r.args;
  r.traceDirective('mod_negotiation', {
    directive: 'Options',
    text: `MultiViews chooses ${best.name}`,
    fits: isForMultiViews,
    result: 'applied',
    changes: [{ what: 'file', before: r.filename, after: best.found.filename }],
  });
  fastRedirect(r, best.found);
  return 'ok';
}

/** What a client leaves to the server. */
interface Negotiate {
  readonly mayChoose: boolean;
  readonly wantsList: boolean;
  /** The server is to choose by the algorithm 1.0 of RFC 2296, in which not everything has a quality. */
  readonly hasOwnRules: boolean;
}

const PLAIN: Negotiate = { mayChoose: true, wantsList: false, hasOwnRules: false };

/** No browser asks so: it is only said that the answer may be another one, or a list. */
function noteOwnRules(r: RequestRecord): void {
  const use = r.perDirConfig.lastUse('Options', isForMultiViews);
  const reason = 'the client asks for the choice by RFC 2296 (Negotiate: 1.0), which is not made here';
  r.noteUnknown(use ?? { name: 'Options', args: 'MultiViews', origin: {} }, reason);
}

const isForMultiViews = (args: string): boolean => /MultiViews|All/i.test(args);

/** What a client that chooses itself (RFC 2295) leaves to the server (parse_negotiate_header). */
function negotiateHeader(r: RequestRecord): Negotiate {
  const header = r.headersIn.get('Negotiate');
  if (header === undefined) return PLAIN;
  if (header === 'trans' && r.headersIn.get('User-Agent')?.startsWith('Lynx') === true) return PLAIN;
  const words = header
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  return {
    mayChoose: words.includes('*') || words.includes('1.0'),
    hasOwnRules: words.includes('1.0'),
    wantsList: words.some((word) => /^(?:trans|vlist|guess-small|\*|\d.*)$/.test(word)),
  };
}

const isGet = (r: RequestRecord): boolean => r.method === 'GET' || r.method === 'HEAD';

function acceptedBy(r: RequestRecord): Accepted {
  const header = (name: string): ReturnType<typeof readAccept> => readAccept(r.headersIn.get(name));
  const types = header('Accept') ?? [{ name: '*/*', quality: 1, level: 0, charset: '' }];
  const prefersScripts = !isGet(r) || r.args !== null || (r.pathInfo ?? '') !== '';
  const scripts = { name: CGI_TYPE, quality: prefersScripts ? 2 : Math.fround(0.001), level: 0, charset: '' };
  return {
    types: [...types, scripts],
    hasQuality: types.some((entry) => entry.quality < 1),
    languages: header('Accept-Language'),
    charsets: header('Accept-Charset'),
    encodings: header('Accept-Encoding'),
  };
}

/** The files that may answer, best source quality first, then by name; or the status where none can be served. */
function findVariants(r: RequestRecord, filename: string): Variant[] | HookResult {
  const slash = filename.lastIndexOf('/');
  const wanted = filename.slice(slash + 1);
  const folder = filename.slice(0, slash);
  const names = r.site.list(folder);
  if (names === undefined) {
    r.logError(`AH00686: cannot read directory for multi: ${folder}/`);
    return 403;
  }
  const matching = names.filter(
    (name) => name.startsWith(`${wanted}.`) && r.site.lstat(`${folder}/${name}`)?.kind !== 'directory',
  );
  const variants = matching.flatMap((name) => usableVariant(r, name, wanted));
  if (matching.length > 0 && variants.length === 0) {
    r.logError(
      `AH00687: Negotiation: discovered file(s) matching request: ${filename} (None could be negotiated).`,
    );
    return 404;
  }
  return variants.toSorted((a, b) => b.sourceQuality - a.sourceQuality || (a.name < b.name ? -1 : 1));
}

function usableVariant(r: RequestRecord, name: string, wanted: string): Variant[] {
  const found = lookUpName(r, name);
  if (found.finfo?.kind !== 'file') return [];
  if (found.handler !== null && found.contentType === null) found.contentType = CGI_TYPE;
  if (found.unknownExtensions === undefined || !areAsked(found.unknownExtensions, wanted)) return [];
  if (found.status !== 200 || found.contentType === null || found.handler === 'type-map') return [];
  return [variantOf(found, name)];
}

/** What mod_mime does not know of a name must stand in the request, in its order. */
function areAsked(unknown: readonly string[], wanted: string): boolean {
  let at = 0;
  for (const segment of wanted.split('.')) if (segment === unknown[at]) at += 1;
  return at >= unknown.length;
}

/** Names the compression as the client does, with or without `x-` (fix_encoding). */
export function fixEncoding(r: RequestRecord): HookResult {
  const encodings = readAccept(r.headersIn.get('Accept-Encoding'));
  if (r.contentEncoding === null || encodings === undefined) return 'declined';
  const wanted = r.contentEncoding.replace(/^x-/, '');
  const own =
    encodings.find(({ name }) => name === wanted) ?? encodings.find(({ name }) => name === `x-${wanted}`);
  if (own === undefined) return 'declined';
  r.contentEncoding = own.name;
  return 'ok';
}
