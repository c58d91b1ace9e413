import type { Expr } from '../../expr';

/** Words of SSLOptions. */
export const SSL_OPTIONS = [
  'StdEnvVars',
  'ExportCertData',
  'FakeBasicAuth',
  'StrictRequire',
  'OptRenegotiate',
  'LegacyDNStringFormat',
] as const;

export type SslOption = (typeof SSL_OPTIONS)[number];

/** mod_ssl's per-directory configuration, as far as it decides on requests. */
export interface SslConfig {
  requiresSsl: boolean;
  requirements: readonly Expr[];
  options: ReadonlySet<SslOption>;
  /** No word without sign was given: `added` and `removed` change what the outer folder says. */
  isRelative: boolean;
  added: ReadonlySet<SslOption>;
  removed: ReadonlySet<SslOption>;
}

/** Nothing set. */
export function createSslConfig(): SslConfig {
  return {
    requiresSsl: false,
    requirements: [],
    options: new Set(),
    isRelative: true,
    added: new Set(),
    removed: new Set(),
  };
}

const without = (one: ReadonlySet<SslOption>, other: ReadonlySet<SslOption>): Set<SslOption> =>
  new Set([...one].filter((option) => !other.has(option)));

const union = (one: ReadonlySet<SslOption>, other: ReadonlySet<SslOption>): Set<SslOption> =>
  new Set([...one, ...other]);

/** The deeper configuration over the outer one (ssl_config_perdir_merge). */
export function mergeSslConfig(base: SslConfig, add: SslConfig): SslConfig {
  const common = {
    requiresSsl: base.requiresSsl || add.requiresSsl,
    requirements: [...base.requirements, ...add.requirements],
  };
  if (!add.isRelative) return { ...add, ...common };
  const added = union(without(base.added, add.removed), add.added);
  const removed = union(without(base.removed, add.added), add.removed);
  const options = union(without(base.options, removed), added);
  return { ...common, options, isRelative: base.isRelative, added, removed };
}
