/** Lets this process and what it starts find Debian's programs first, on a Debian or Ubuntu. */
export function findPeersFirst(): void;

/** Installs the programs that some suites need where that is possible, or says which suites will be skipped. */
export function installPeers(): Promise<void>;
