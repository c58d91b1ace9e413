import { lowerCase } from '../../../text/bytes';
import type { HookResult } from '../../request/hooks';
import type { RequestRecord } from '../../request/record';
import { readWords } from '../../syntax/words';
import { DIRECTORY_TYPE } from '../mod_dir';
import type { ExtensionInfo, MimeConfig } from './config';
import { withCharset } from './contentType';
import { lookup } from '../../../text/lookup';

/** A file name taken apart: the base name (with leading dots) and the extensions as they are written. */
function splitName(path: string): { readonly base: string; readonly extensions: readonly string[] } {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const leading = /^\.*/.exec(name)?.[0].length ?? 0;
  const dot = name.indexOf('.', leading);
  if (dot < 0) return { base: name, extensions: [] };
  const extensions = name.slice(dot + 1).split('.');
  return { base: name.slice(0, dot), extensions: extensions.filter((extension) => extension !== '') };
}

/** Type, handler, languages and encoding by the extensions of the file's name (find_ct). */
export function findType(r: RequestRecord, config: MimeConfig | undefined): HookResult {
  if (r.finfo?.kind === 'directory') {
    r.contentType = DIRECTORY_TYPE;
    return 'ok';
  }
  if (r.filename === null) return 'declined';
  const { base, extensions } = splitName(r.filename);
  const unknown = [base];
  let charset: string | undefined;
  for (const written of extensions) {
    const info = config?.extensions.get(lowerCase(written));
    if (!applyExtension(r, lowerCase(written), { info, config })) unknown.push(written);
    charset = info?.charset ?? charset;
  }
  if (unknown.length <= extensions.length) r.unknownExtensions = unknown;
  traceExtensions(r, extensions, config);
  if (r.contentType !== null) r.contentType = withCharset(r.contentType, charset);
  const language = config?.defaultLanguage;
  if (r.contentLanguages.length === 0 && language !== undefined) r.contentLanguages = [language];
  return r.contentType === null ? 'declined' : 'ok';
}

const EXTENSION_DIRECTIVES = [
  ['AddType', 'type', 'content type'],
  ['AddHandler', 'handler', 'handler'],
  ['AddEncoding', 'encoding', 'encoding'],
  ['AddLanguage', 'language', 'language'],
  ['AddCharset', 'charset', 'content type'],
] as const;

/** What directives of the site say of a file's extensions; what the server's own types say is no event. */
function traceExtensions(
  r: RequestRecord,
  extensions: readonly string[],
  config: MimeConfig | undefined,
): void {
  if (!r.isTracing) return;
  for (const extension of extensions.map(lowerCase)) {
    const info = config?.extensions.get(extension);
    const names = (args: string): boolean =>
      readWords(args).some((word, at) => at > 0 && lowerCase(word.value.replace(/^\./, '')) === extension);
    for (const [directive, attribute, what] of EXTENSION_DIRECTIVES) {
      const value = info?.[attribute];
      if (value === undefined || r.perDirConfig.lastUse(directive, names) === undefined) continue;
      r.traceDirective('mod_mime', {
        directive,
        text: `${directive} ${value} .${extension}`,
        fits: names,
        result: 'applied',
        comparison: { subject: r.filename ?? '', pattern: `.${extension}` },
        changes: [{ what, after: value }],
      });
    }
  }
}

interface Found {
  readonly info: ExtensionInfo | undefined;
  readonly config: MimeConfig | undefined;
}

/** True when the extension says something of the file that negotiation may use. */
function applyExtension(r: RequestRecord, extension: string, { info, config }: Found): boolean {
  const type = info?.type ?? serverType(r, extension);
  if (type !== undefined && type !== '') {
    r.contentType = type;
    r.handedOnType = null;
  }
  if (info?.language !== undefined) r.contentLanguages = [...r.contentLanguages, info.language];
  if (info?.encoding !== undefined) {
    r.contentEncoding = r.contentEncoding === null ? info.encoding : `${r.contentEncoding}, ${info.encoding}`;
  }
  if (info?.outputFilters !== undefined) r.outputFilters = [...r.outputFilters, info.outputFilters];
  if (info?.handler !== undefined && !r.isProxied) r.handler = info.handler;
  const says = (type ?? '') !== '' || info?.charset || info?.language || info?.encoding;
  return Boolean(says) || isWelcome(info, config);
}

function serverType(r: RequestRecord, extension: string): string | undefined {
  return lookup(r.host.mimeTypes, extension);
}

/** What MultiviewsMatch lets through although it says nothing of the content. */
function isWelcome(info: ExtensionInfo | undefined, config: MimeConfig | undefined): boolean {
  const words = config?.multiviews;
  if (words === undefined) return false;
  const hasFilter = info?.inputFilters !== undefined || info?.outputFilters !== undefined;
  return (
    words.has('any') ||
    (words.has('handlers') && info?.handler !== undefined) ||
    (words.has('filters') && hasFilter)
  );
}
