/** Logs of a site: lines taken apart, explained, and put together into incidents. */
export { parseAccessLine, type AccessLine } from './access';
export { secondsOf, zoneBetween } from './clock';
export { explainLine, type Explanation, type Fix, type Rank } from './explain';
export { LOCAL_MODULE } from './headline';
export type { EvidenceLine, Incident, Severity } from './incident';
export { incidentsIn, IncidentStream } from './incidents';
export { incidentText, type IncidentStyle } from './incidentText';
export { LEVELS, parseLogLine, splitGlued, type Level, type LogLine } from './line';
export { pathInSite } from './paths';
export { isSuspicious, ownFrame, tracebacksIn, type Frame, type Traceback } from './traceback';
