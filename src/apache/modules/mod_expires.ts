import { lowerCase } from '../../text/bytes';
import type { HookResult } from '../request/hooks';
import type { RequestRecord } from '../request/record';
import { readWord } from '../syntax/words';
import { defineModule, type ApacheModule, type Refusal } from './define';
import { leadingInteger } from './numbers';
import { httpDate } from '../../text/httpDate';

/** A time of expiry: so many seconds after the request ('access') or after the file's last change. */
export interface Expiry {
  readonly base: 'access' | 'modification';
  readonly seconds: number;
}

/** mod_expires's per-directory configuration. */
export interface ExpiresConfig {
  active: boolean | undefined;
  byDefault: Expiry | undefined;
  /** By media type in lower case. */
  readonly byType: Map<string, Expiry>;
  /** Some type of this very file is `something/*`; outer folders' wildcards are forgotten where this is false. */
  hasWildcards: boolean;
}

const DAY = 86_400;

/** Units by the letters that Apache compares, in its order. */
const UNITS: readonly (readonly [letters: string, seconds: number])[] = [
  ['y', 365 * DAY],
  ['mo', 30 * DAY],
  ['w', 7 * DAY],
  ['d', DAY],
  ['h', 3600],
  ['mi', 60],
  ['s', 1],
];

/** The seconds of a unit, of which Apache reads the first letters alone; undefined for a word that it refuses. */
export function unitSeconds(word: string): number | undefined {
  return UNITS.find(([letters]) => word.toLowerCase().startsWith(letters))?.[1];
}

/** An expiry code, in its short (`A3600`) or long form (`access plus 1 hour`); a text is Apache's complaint (check_code). */
function parseCode(code: string): Expiry | string {
  if (/^[AM]/.test(code)) {
    return { base: code.startsWith('A') ? 'access' : 'modification', seconds: leadingInteger(code.slice(1)) };
  }
  let word = readWord(code, 0);
  const next = (): void => void (word = readWord(code, word.next));
  const letter = word.value[0]?.toLowerCase() ?? '';
  if (!['n', 'a', 'm'].includes(letter)) {
    return `bad expires code, unrecognised <base> '${word.value}'`;
  }
  next();
  if (word.value[0]?.toLowerCase() === 'p') next();
  let seconds = 0;
  while (word.value !== '') {
    if (!/^\d/.test(word.value)) {
      return `bad expires code, numeric value expected <num> '${word.value}'`;
    }
    const number = leadingInteger(word.value);
    next();
    if (word.value === '') return 'bad expires code, missing <type>';
    const unit = unitSeconds(word.value);
    if (unit === undefined) return `bad expires code, unrecognised <type>'${word.value}'`;
    seconds = (seconds + Math.imul(unit, number)) | 0;
    next();
  }
  return { base: letter === 'm' ? 'modification' : 'access', seconds };
}

function expiresByType(config: ExpiresConfig, type: string, code: string): Refusal {
  if (!type.includes('/')) return 'Invalid mimetype: should contain a slash';
  if (type.endsWith('/*')) config.hasWildcards = true;
  const parsed = parseCode(code);
  if (typeof parsed === 'string') return `'ExpiresByType ${type} ${code}': ${parsed}`;
  config.byType.set(lowerCase(type), parsed);
  return undefined;
}

export const mod_expires: ApacheModule<ExpiresConfig> = defineModule<ExpiresConfig>({
  name: 'mod_expires',
  createDirConfig: () => ({
    active: undefined,
    byDefault: undefined,
    byType: new Map(),
    hasWildcards: false,
  }),
  mergeDirConfig: (base, add) => ({
    active: add.active ?? base.active,
    byDefault: add.byDefault ?? base.byDefault,
    byType: new Map([...base.byType, ...add.byType]),
    hasWildcards: add.hasWildcards,
  }),
  directives: {
    ExpiresActive: {
      args: 'FLAG',
      where: ['Indexes'],
      help: "Limited to 'on' or 'off'",
      summary: 'Turns the Expires and Cache-Control headers of ExpiresByType and ExpiresDefault on or off.',
      apply(_cmd, config, on) {
        config.active = on;
        return undefined;
      },
    },
    ExpiresByType: {
      args: 'TAKE2',
      where: ['Indexes'],
      help: 'a MIME type followed by an expiry date code',
      summary:
        'How long browsers may keep answers of one media type, as `"access plus 1 month"` or `A2592000`.',
      apply: (_cmd, config, type, code) => expiresByType(config, type, code),
    },
    ExpiresDefault: {
      args: 'TAKE1',
      where: ['Indexes'],
      help: 'an expiry date code',
      summary: 'How long browsers may keep answers whose media type has no ExpiresByType.',
      apply(_cmd, config, code) {
        const parsed = parseCode(code);
        if (typeof parsed === 'string') return `'ExpiresDefault ${code}': ${parsed}`;
        config.byDefault = parsed;
        return undefined;
      },
    },
  },
  hooks: { insertFilter: setExpiry, insertErrorFilter: setExpiry },
});

/** Adds Expires and max-age to what is no error and has no Expires yet. */
function setExpiry(r: RequestRecord): HookResult {
  const config = r.perDirConfig.get(mod_expires);
  if (config?.active !== true || isHttpError(r.status) || r.main !== null) return 'declined';
  if (r.errHeadersOut.get('Expires') !== undefined || r.headersOut.get('Expires') !== undefined)
    return 'declined';
  if (r.program === 'unknown') noteTypes(r, config);
  const expiry = expiryFor(config, typeOf(r));
  const base = expiry?.base === 'modification' ? modificationTime(r) : r.evaluation.time;
  if (expiry === undefined || base === undefined) return 'declined';
  const now = r.evaluation.time;
  const expires = Math.max(base + expiry.seconds, now);
  r.headersOut.merge('Cache-Control', `max-age=${Math.trunc(expires - now)}`);
  r.headersOut.set('Expires', httpDate(expires * 1000));
  traceExpiry(r, config, expires - now);
  return 'ok';
}

/** A program may answer with a status beyond these. */
const isHttpError = (status: number): boolean => status >= 400 && status < 600;

/** Null also where a program has yet to say it. */
function typeOf({ program, contentType }: RequestRecord): string | null {
  return program === 'unknown' ? null : contentType;
}

function noteTypes(r: RequestRecord, { byDefault }: ExpiresConfig): void {
  const use = r.perDirConfig.lastUse('ExpiresByType');
  const assumed = byDefault === undefined ? 'none is shown' : 'that of ExpiresDefault is shown';
  if (use !== undefined) r.noteUnknown(use, `the program's own Content-Type decides on Expires: ${assumed}`);
}

function traceExpiry(r: RequestRecord, config: ExpiresConfig, seconds: number): void {
  if (!r.isTracing) return;
  const type = typeOfEntry(config, typeOf(r));
  r.traceDirective('mod_expires', {
    directive: type === undefined ? 'ExpiresDefault' : 'ExpiresByType',
    text: `expires in ${Math.trunc(seconds)} seconds`,
    fits: (args) => type === undefined || lowerCase(readWord(args, 0).value) === type,
    result: 'applied',
    comparison: { subject: typeOf(r) ?? '', pattern: type ?? '*' },
    changes: [
      { what: 'response header', name: 'Cache-Control', after: r.headersOut.get('Cache-Control') ?? null },
      { what: 'response header', name: 'Expires', after: r.headersOut.get('Expires') ?? null },
    ],
  });
}

/** Seconds since 1970; a file whose time the site does not know counts as changed right now. */
function modificationTime(r: RequestRecord): number | undefined {
  return r.finfo === undefined ? undefined : (r.finfo.mtime ?? r.evaluation.time);
}

function expiryFor(config: ExpiresConfig, contentType: string | null): Expiry | undefined {
  const type = typeOfEntry(config, contentType);
  return type === undefined ? config.byDefault : config.byType.get(type);
}

/** The media type of the ExpiresByType that is for a content: its own, or `text/*`; undefined for neither. */
function typeOfEntry(config: ExpiresConfig, contentType: string | null): string | undefined {
  if (contentType === null) return undefined;
  const type = lowerCase(contentType);
  const bare = (type.split(';', 1)[0] ?? '').trimEnd();
  if (config.byType.has(bare)) return bare;
  const kind = `${type.slice(0, Math.max(type.indexOf('/'), 0))}/*`;
  return config.hasWildcards && type.includes('/') && config.byType.has(kind) ? kind : undefined;
}
