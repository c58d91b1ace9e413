import { isKnownStatus } from '../../request/status';
import { leadingInteger } from '../numbers';
import type { RuleFlags } from './config';
import { lookup } from '../../../text/lookup';

/** Rounds of [N] when it gives no number (REWRITE_MAX_ROUNDS). */
const DEFAULT_ROUNDS = 32_000;

/** The flags of a rule that has none. */
export function noFlags(): RuleFlags {
  return {
    escapeBackreferences: false,
    escapes: undefined,
    noEscapes: undefined,
    escapeNoPlus: false,
    escapeControls: false,
    chain: false,
    cookies: [],
    discardPathInfo: false,
    environment: [],
    end: false,
    hasStatus: false,
    noSubstitution: false,
    handler: undefined,
    last: false,
    noEscape: false,
    newRound: false,
    maxRounds: DEFAULT_ROUNDS,
    ignoreOnSubrequest: false,
    noCase: false,
    proxy: false,
    passThrough: false,
    queryAppend: false,
    queryDiscard: false,
    queryLast: false,
    queryNone: false,
    redirect: false,
    responseCode: 302,
    skip: 0,
    mimeType: undefined,
    unsafeAllow3F: false,
    unc: false,
  };
}

type FlagSetter = (flags: RuleFlags, value: string) => string | undefined;

/** A setter that refuses nothing. */
function set(change: (flags: RuleFlags, value: string) => void): FlagSetter {
  return (flags, value) => {
    change(flags, value);
    return undefined;
  };
}

function forceStatus(status: number): FlagSetter {
  return set((flags) => {
    flags.hasStatus = true;
    flags.noSubstitution = true;
    flags.responseCode = status;
  });
}

const escapeBackreferences = set((flags, value) => {
  flags.escapeBackreferences = true;
  if (value !== '') flags.escapes = value;
});
const chain = set((flags) => (flags.chain = true));
const cookie = set((flags, value) => flags.cookies.push(value));
const discardPathInfo = set((flags) => (flags.discardPathInfo = true));
const environment = set((flags, value) => flags.environment.push(value));
const handler = set((flags, value) => (flags.handler = value));
const last = set((flags) => (flags.last = true));
const noEscape = set((flags) => (flags.noEscape = true));
const noSubrequest = set((flags) => (flags.ignoreOnSubrequest = true));
const noCase = set((flags) => (flags.noCase = true));
const proxy = set((flags) => (flags.proxy = true));
const passThrough = set((flags) => (flags.passThrough = true));
const queryAppend = set((flags) => (flags.queryAppend = true));
const queryDiscard = set((flags) => (flags.queryDiscard = true));
const queryLast = set((flags) => (flags.queryLast = true));
const skip = set((flags, value) => (flags.skip = leadingInteger(value)));
const mimeType = set((flags, value) => (flags.mimeType = value));
const escapeNoPlus = set((flags) => (flags.escapeNoPlus = true));
const next = set((flags, value) => {
  flags.newRound = true;
  if (value !== '') flags.maxRounds = leadingInteger(value);
});

/** By lower-case name: the short and the long ones. */
const SETTERS: ReadonlyMap<string, FlagSetter> = new Map<string, FlagSetter>([
  ['b', escapeBackreferences],
  ['backrefescaping', escapeBackreferences],
  [
    'bne',
    (flags, value) => {
      if (value === '') return "flag 'BNE' wants a list of characters (i.e. [BNE=...])";
      flags.noEscapes = value;
      return undefined;
    },
  ],
  ['bnp', escapeNoPlus],
  ['backrefernoplus', escapeNoPlus],
  [
    'bctls',
    set((flags) => {
      flags.escapeControls = true;
      flags.escapeBackreferences = true;
    }),
  ],
  ['c', chain],
  ['chain', chain],
  ['co', cookie],
  ['cookie', cookie],
  ['dpi', discardPathInfo],
  ['discardpath', discardPathInfo],
  ['d', discardPathInfo],
  ['e', environment],
  ['env', environment],
  ['end', set((flags) => (flags.end = true))],
  ['f', forceStatus(403)],
  ['forbidden', forceStatus(403)],
  ['g', forceStatus(410)],
  ['gone', forceStatus(410)],
  ['h', handler],
  ['handler', handler],
  ['l', last],
  ['last', last],
  ['n', next],
  ['next', next],
  ['nc', noCase],
  ['nocase', noCase],
  ['ne', noEscape],
  ['noescape', noEscape],
  ['ns', noSubrequest],
  ['nosubreq', noSubrequest],
  ['p', proxy],
  ['proxy', proxy],
  ['pt', passThrough],
  ['passthrough', passThrough],
  ['qsa', queryAppend],
  ['qsappend', queryAppend],
  ['qsd', queryDiscard],
  ['qsdiscard', queryDiscard],
  ['qsl', queryLast],
  ['qslast', queryLast],
  ['r', redirect],
  ['redirect', redirect],
  ['s', skip],
  ['skip', skip],
  ['t', mimeType],
  ['type', mimeType],
  ['unsafeprefixstat', set(() => undefined)],
  ['unsafeallow3f', set((flags) => (flags.unsafeAllow3F = true))],
  ['unc', set((flags) => (flags.unc = true))],
]);

/** Sets one flag of a rule; gives mod_rewrite's refusal of an unknown one. Every other name with D is taken for nothing. */
export function setRuleFlag(flags: RuleFlags, key: string, value: string): string | undefined {
  const setter = SETTERS.get(key.toLowerCase());
  if (setter !== undefined) return setter(flags, value);
  return /^d/i.test(key) ? undefined : `unknown flag '${key}'`;
}

const NAMED_STATUS: Readonly<Record<string, number>> = { permanent: 301, temp: 302, seeother: 303 };

function redirect(flags: RuleFlags, value: string): string | undefined {
  flags.redirect = true;
  if (value === '') return undefined;
  const isNumber = /^\d/.test(value);
  const status = isNumber ? leadingInteger(value) : (lookup(NAMED_STATUS, value.toLowerCase()) ?? 0);
  if (isNumber && !isKnownStatus(status)) return `invalid HTTP response code '${value}' for flag 'R'`;
  if (isNumber && (status < 300 || status >= 400)) {
    flags.hasStatus = true;
    flags.noSubstitution = true;
  }
  flags.responseCode = status;
  return undefined;
}
