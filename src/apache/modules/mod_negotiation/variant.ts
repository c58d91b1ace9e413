import type { RequestRecord } from '../../request/record';
import { readMediaType } from './accept';

/** A file that may be the answer, with the qualities that the request gives it (var_rec). */
export interface Variant {
  readonly found: RequestRecord;
  readonly name: string;
  readonly type: string;
  readonly charset: string;
  readonly languages: readonly string[];
  readonly encoding: string | null;
  readonly sourceQuality: number;
  readonly level: number;
  readonly bytes: number;
  typeQuality: number;
  languageQuality: number;
  charsetQuality: number;
  encodingQuality: number;
  /** Place in LanguagePriority, -1 for none. */
  languageIndex: number;
  levelMatched: number;
  /** How exactly the Accept header names the type: 1 for any, 2 for its kind, 3 for itself. */
  stars: number;
}

/** A variant from the subrequest for its file. */
export function variantOf(found: RequestRecord, name: string): Variant {
  const { name: type, quality, level, charset } = readMediaType(found.contentType ?? '');
  return {
    found,
    name,
    type,
    charset,
    languages: found.contentLanguages,
    encoding: found.contentEncoding,
    sourceQuality: quality,
    level,
    bytes: found.finfo?.size ?? 0,
    typeQuality: 1,
    languageQuality: 1,
    charsetQuality: 1,
    encodingQuality: 1,
    languageIndex: -1,
    levelMatched: 0,
    stars: 0,
  };
}

const HTML_TYPES = ['text/html', 'text/x-server-parsed-html', 'text/x-server-parsed-html3'];

/** True for HTML and pages of server-side includes. */
export const isHtml = (type: string): boolean => HTML_TYPES.includes(type);

/** True for a file that is not compressed. */
export function isPlain(encoding: string | null): boolean {
  return encoding === null || ['', '7bit', '8bit', 'binary'].includes(encoding);
}
