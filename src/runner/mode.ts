import type { RunnerMode } from '../project';

/** What a mode means, where modes differ. Times are milliseconds, sizes bytes. */
export interface ModeRules {
  /** Longest body of a request that a program gets. */
  readonly bodyLimit: number;
  /** A body without a length is refused with 411. */
  readonly refusesChunked: boolean;
  /** Long bodies go to the program as they arrive. */
  readonly streamsBodies: boolean;
  /** Bytes of output that are held back. */
  readonly outputBuffer: number;
  /** Silence after which held output is passed on; null for never. */
  readonly flushAfter: number | null;
  /** Requests that a client may send on one connection (MaxKeepAliveRequests); 0 for any number. */
  readonly requestsPerConnection: number;
  /** One connection serves many requests of a process. */
  readonly keepsConnection: boolean;
  /** The time limit where none is asked for. */
  readonly timeLimit: number;
  /** From the beginning to the end of one request; 0 for no limit. */
  readonly totalLimit: number;
  /** Repeated fields of a program's answer stay apart. */
  readonly keepsRepeats: boolean;
  /** An answer that is whole counts, also where END_REQUEST never comes. */
  readonly forgivesMissingEnd: boolean;
  /** Every variable comes in a record of its own. */
  readonly splitsParams: boolean;
  /** Programs find PATH in their own environment. */
  readonly givesPath: boolean;
  /** What makes a program start anew: any change of its sources, a new inode, or nothing. */
  readonly reloadsOn: 'change' | 'inode' | 'nothing';
  /** Milliseconds that a request waits for a process before it is 503; 0 for as long as it takes. */
  readonly slotWait: number;
  /** A program that ends again and again is started by mod_fcgid's spawn score; else it must pause. */
  readonly keepsScore: boolean;
  /** The program of the front page is started with the site and after changes, not by the first request. */
  readonly startsEarly: boolean;
  /** Failures are explained instead of hidden behind Apache's page. */
  readonly explainsFailures: boolean;
  /** `.php` files are run by php-cgi where nothing else is said. */
  readonly runsPhp: boolean;
}

const FAITHFUL: ModeRules = {
  bodyLimit: 131_072,
  refusesChunked: false,
  streamsBodies: false,
  outputBuffer: 65_536,
  flushAfter: null,
  requestsPerConnection: 100,
  keepsConnection: false,
  timeLimit: 40_000,
  totalLimit: 300_000,
  keepsRepeats: false,
  forgivesMissingEnd: false,
  splitsParams: false,
  givesPath: true,
  reloadsOn: 'inode',
  slotWait: 64_400,
  keepsScore: true,
  startsEarly: false,
  explainsFailures: false,
  runsPhp: false,
};

/** The modes by name. `kind` helps where a real server would only be strict. */
export const MODES: Readonly<Record<RunnerMode, ModeRules>> = {
  kind: {
    ...FAITHFUL,
    bodyLimit: Number.POSITIVE_INFINITY,
    streamsBodies: true,
    flushAfter: 500,
    requestsPerConnection: 0,
    keepsConnection: true,
    totalLimit: 0,
    reloadsOn: 'change',
    slotWait: 0,
    keepsScore: false,
    startsEarly: true,
    explainsFailures: true,
    runsPhp: true,
  },
  faithful: FAITHFUL,
  mod_fastcgi: {
    ...FAITHFUL,
    bodyLimit: Number.POSITIVE_INFINITY,
    refusesChunked: true,
    outputBuffer: 8192,
    flushAfter: 100,
    timeLimit: 30_000,
    totalLimit: 0,
    keepsRepeats: true,
    forgivesMissingEnd: true,
    splitsParams: true,
    givesPath: false,
    reloadsOn: 'nothing',
    slotWait: 0,
    keepsScore: false,
  },
};
