/** The local server: HTTP front and FastCGI process pool. */
export { DiskSite, type DiskSiteOptions } from './diskSite';
export type { EventSink, RunnerEvent } from './events';
export { preflight, type PreflightOptions, type PreflightReport, type Trial } from './preflight';
export type { Evaluate } from './requestHandler';
export { RunnerError, startRunner, type Runner, type RunnerOptions, type RunningProcess } from './runner';
