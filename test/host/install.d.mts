export type VersionName = 'newest' | 'oldest';

export interface InstalledServer {
  version: string;
  server: string;
  node: string;
}

export function cacheFolder(): string;
export function installServer(name: VersionName): Promise<InstalledServer>;
