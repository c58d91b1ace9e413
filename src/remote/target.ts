/** A server as a person or a settings file names it. Everything absent comes from ~/.ssh/config, then from OpenSSH's defaults. */
export interface SshTarget {
  /** A host name, an address, or an alias of ~/.ssh/config. */
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  /** One private key file; it is tried before the others. `~` is expanded. */
  readonly identityFile?: string;
  /** Servers to go through, in order, as in ProxyJump. */
  readonly proxyJump?: readonly (SshTarget | string)[];
  /** known_hosts files to use instead of the configured ones; new keys are saved to the first. */
  readonly knownHostsFiles?: readonly string[];
  /** Agent socket instead of SSH_AUTH_SOCK; `none` for no agent. */
  readonly agent?: string;
  /** An ssh_config file to read instead of ~/.ssh/config; `none` for none. */
  readonly configFile?: string;
}

/** A server with everything that a connection needs. Paths are absolute. */
export interface ResolvedTarget {
  /** What the user called it. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Private key files in the order to try; ones that are not there are skipped. */
  readonly identityFiles: readonly string[];
  /** True: only keys named in `identityFiles` are offered from the agent. */
  readonly identitiesOnly: boolean;
  /** Agent socket or Windows pipe; undefined for no agent. */
  readonly agent: string | undefined;
  /** Read for known keys; new keys go to the first. */
  readonly knownHostsFiles: readonly string[];
  /** System-wide files, only read. */
  readonly globalKnownHostsFiles: readonly string[];
  /** New names are written to known_hosts as hashes (HashKnownHosts), also where the file holds none yet. */
  readonly hashKnownHosts: boolean;
  /** Name to use in known_hosts instead of host and port. */
  readonly hostKeyAlias: string | undefined;
  /** `strict`: an unknown key is refused without a question. Values that would accept one unseen (`no`, `accept-new`) mean `ask` here. */
  readonly unknownHostKeys: 'ask' | 'strict';
  /** A command whose standard input and output lead to the server (ProxyCommand), tokens replaced. */
  readonly proxyCommand: string | undefined;
  /** Ways to log in that are never tried: `publickey`, `password`, `keyboard-interactive`. */
  readonly refusedMethods: readonly string[];
  readonly jumps: readonly ResolvedTarget[];
}

/** `user@host:port` for messages; the port only where it is not 22. */
export function describeTarget(target: {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}): string {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return `${target.user}@${host}${target.port === 22 ? '' : `:${target.port}`}`;
}
