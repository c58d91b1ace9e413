import type { HostProfile } from '../apache/host';
import type { KnownHeads } from '../fastcgi';
import type { AccessLog } from './accessLog';
import type { CgiPrograms } from './cgiPrograms';
import type { DiskSite } from './diskSite';
import type { Evaluator } from './evaluator';
import type { EventSink } from './events';
import type { InFlight } from './inFlight';
import type { ProgramCommand } from './launchPlan';
import type { ModeRules } from './mode';
import type { OwnPages } from './ownPages';
import type { DispatcherPool } from './pool';
import type { Handlers } from './programs';

/** What all requests of a site share. */
export interface RequestContext {
  readonly site: DiskSite;
  readonly host: HostProfile;
  /** Absolute on the server, a byte string. */
  readonly documentRoot: string;
  readonly evaluator: Evaluator;
  readonly rules: ModeRules;
  readonly handlers: Handlers;
  readonly poolOf: (command: ProgramCommand) => DispatcherPool;
  readonly cgi: CgiPrograms;
  /** Heads that dispatchers of this name have sent. */
  readonly headsOf: (via: 'fastcgi' | 'cgi', script: string) => KnownHeads;
  /** A path for a temporary file that nothing has. */
  readonly temporaryPath: () => string;
  /** Milliseconds of silence before a program is given up; 0 for never. */
  readonly timeLimit: number;
  readonly emit: EventSink;
  readonly accessLog: AccessLog | null;
  /** Names that a Host header may hold, in lower case. */
  readonly names: ReadonlySet<string>;
  readonly ownPages: OwnPages;
  /** Failures are explained instead of hidden behind Apache's page. */
  readonly developerPages: boolean;
  /** Requests that are being answered. */
  readonly handling: InFlight;
  /** A number for each request, ascending. */
  readonly nextId: () => number;
  /** Everything about each request is told, its trace included. */
  readonly record: boolean;
}
