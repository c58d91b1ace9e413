/** `.vscode/fastcgi.json`: what it may say, its defaults, its problems. */
export { ADVICE_LEVELS } from './schema';
export type { AdviceLevel } from './schema';
export { withTargetFields, withTargetHost } from './change';
export { parseHost, HOST_PRESETS } from './host';
export { DEFAULT_PROJECT, parseProject, resolveTarget } from './project';
export type { Project, ProjectProblem, RunnerSettings, Target } from './project';
export type { HandlerRun, Reload, RunnerMode, SshAddress } from './schema';
export type { Fault } from './faults';
