/** The local server: HTTP front and FastCGI process pool. */
export { DiskSite, type DiskSiteOptions } from './diskSite';
export type { Evaluate } from './evaluator';
export type { CrashPause, EventSink, RunnerEvent } from './events';
export type { ProgramCommand } from './launchPlan';
export { MODES, type ModeRules } from './mode';
export { localHost, projectOptions } from './projectOptions';
export type { Preparation, Prepare } from './pool';
export { programStart, type Language, type ProgramStart } from './program';
export { preflight, type PreflightOptions, type PreflightReport, type Trial } from './preflight';
export { namedPlaces, type NamedPlace } from './places';
export type { BodyPart, RequestRecord } from './record';
export type { Handlers } from './programs';
export type { DispatcherState, RunningProcess } from './pools';
export { RunnerError, startRunner, type Runner } from './runner';
export type { RunnerOptions } from './runnerOptions';
