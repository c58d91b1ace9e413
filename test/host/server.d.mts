import type { ChildProcess } from 'node:child_process';
import type { Browser } from 'playwright-core';
import type { InstalledServer } from './install.mjs';

export interface ServerOptions {
  installed: InstalledServer;
  /** Keeps user settings, state and, unless told otherwise, extensions. */
  dataFolder: string;
  extensionsFolder?: string;
  /** Only those of VS Code's own extensions that tests need: it is there sooner. */
  fewExtensions?: boolean;
  /** Lets the page name the extension under development and its tests; also silences notification toasts in newer versions. */
  testDriver?: boolean;
  port?: number;
  env?: NodeJS.ProcessEnv;
  token?: string;
}

export interface RunningServer {
  child: ChildProcess;
  port: number;
  token: string;
  url: string;
  stop: () => Promise<void>;
}

export const quietSettings: Record<string, unknown>;
export function writeUserSettings(dataFolder: string, settings: Record<string, unknown>): void;
export function startServer(options: ServerOptions): Promise<RunningServer>;
export function serverCommand(
  installed: InstalledServer,
  dataFolder: string,
  args: string[],
): Promise<{ code: number; output: string; timedOut: boolean }>;
export function workbenchUrl(
  server: RunningServer,
  options?: { folder?: string; workspaceFile?: string; payload?: [string, string][] },
): string;
export function findBrowser(): string | undefined;
export function launchBrowser(): Promise<Browser>;
