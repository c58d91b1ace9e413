/** The local server: HTTP front and FastCGI process pool. */
export { DiskSite, type DiskSiteOptions } from './diskSite';
export type { EventSink, RunnerEvent } from './events';
export type { Preparation, Prepare } from './pool';
export { preflight, type PreflightOptions, type PreflightReport, type Trial } from './preflight';
export { namedPlaces, type NamedPlace } from './places';
export type { BodyPart, RequestRecord } from './record';
export type { Evaluate } from './requestHandler';
export { RunnerError, startRunner, type Runner, type RunnerOptions, type RunningProcess } from './runner';
