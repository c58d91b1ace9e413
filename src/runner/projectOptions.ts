import * as path from 'node:path';
import type { HostProfile } from '../apache/host';
import type { Project } from '../project';
import type { RunnerOptions } from './runnerOptions';

/** How a project is run on this machine; `folder` is its own, absolute. What is not said is left to the mode. */
export function projectOptions(
  { documentRoot, dispatcher, host, runner }: Project,
  folder: string,
): Omit<RunnerOptions, 'port' | 'onEvent'> {
  const { mode, handlers, accessLog, environment, processes, requestTimeout } = runner;
  return {
    root: folder,
    documentRoot,
    ...(dispatcher === undefined ? {} : { dispatcher }),
    host: localHost(host),
    mode,
    handlers,
    environment,
    maxProcesses: processes,
    ...(accessLog === undefined ? {} : { accessLog: path.resolve(folder, accessLog) }),
    ...(requestTimeout === undefined ? {} : { requestTimeLimit: requestTimeout * 1000 }),
  };
}

/** The described host as this machine plays it: its own paths, address and port. */
export function localHost(host: HostProfile): Partial<HostProfile> {
  const { treeRoot: _, port: __, https: ___, ...rest } = host;
  return rest;
}
