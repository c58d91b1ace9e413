/** What went wrong with a remote host, for callers that must tell cases apart. */
export type RemoteReason =
  | 'unreachable'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'host-key-revoked'
  | 'known-hosts-unreadable'
  | 'configuration'
  | 'authentication-failed'
  | 'cancelled'
  | 'connection-lost'
  | 'permission-denied'
  | 'no-such-file'
  | 'no-space'
  | 'not-supported'
  | 'locked'
  | 'timeout'
  | 'failure';

/** A remote call that failed. `message` says what happened and what to do; `reason` is for programs; it never holds a secret. */
export class RemoteError extends Error {
  readonly reason: RemoteReason;
  /** The remote path that the call was about, when there is one. */
  readonly path: string | undefined;

  constructor(reason: RemoteReason, message: string, details: { path?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RemoteError';
    this.reason = reason;
    this.path = details.path;
  }
}

/** True for a RemoteError with one of the given reasons. */
export function hasReason(error: unknown, ...reasons: RemoteReason[]): error is RemoteError {
  return error instanceof RemoteError && reasons.includes(error.reason);
}

/** The text of anything thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The numeric or symbolic `code` that Node and ssh2 put on their errors. */
export function codeOf(error: unknown): string | number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' || typeof error.code === 'number' ? error.code : undefined;
}

/** The error for work that the user stopped. */
export function cancelled(what: string): RemoteError {
  return new RemoteError('cancelled', `${what} was cancelled.`);
}

/** Status codes of SFTP version 3 (draft-ietf-secsh-filexfer-02, section 7). */
const sftpStatus = { noSuchFile: 2, permissionDenied: 3, failure: 4, notSupported: 8 };

/**
 * A RemoteError for a failed SFTP request. SFTP knows four codes only: "Failure" (4) stands for disk full, quota, "exists",
 * "not empty" and everything else, so callers that know more say more.
 */
export function sftpError(error: unknown, action: string, path: string): RemoteError {
  if (error instanceof RemoteError) return error;
  const details = { path, cause: error };
  switch (codeOf(error)) {
    case sftpStatus.noSuchFile:
      return new RemoteError(
        'no-such-file',
        `Could not ${action} ${path}: there is no such file or folder on the server.`,
        details,
      );
    case sftpStatus.permissionDenied:
      return new RemoteError(
        'permission-denied',
        `Could not ${action} ${path}: the server refused permission. Check who owns it and its mode.`,
        details,
      );
    case sftpStatus.notSupported:
      return new RemoteError(
        'not-supported',
        `Could not ${action} ${path}: the server does not support this.`,
        details,
      );
    case sftpStatus.failure:
      return new RemoteError(
        'failure',
        `Could not ${action} ${path}: the server answered only "Failure".`,
        details,
      );
    default:
      return new RemoteError(
        'connection-lost',
        `Could not ${action} ${path}: ${textOf(error)}. Connect again.`,
        details,
      );
  }
}
