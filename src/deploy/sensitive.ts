/** Names of files that hardly anybody means to publish, with what they give away. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$|\.(?:pem|key|p12|pfx|ppk|kdbx)$/i, 'looks like a private key'],
  [/\.(?:sql|sqlite3?|db|dump|mdb)(?:\.gz|\.zip)?$/i, 'looks like a database'],
  [/\.(?:bak|old|orig|save|backup|rej)$|\.(?:php|py|pl|rb|cgi|fcgi)\.(?:txt|\d+)$/i, 'looks like an old copy, whose source visitors may read'],
  [/(?:^|\/)(?:\.bash_history|\.netrc|\.pgpass|\.my\.cnf|\.npmrc|\.pypirc|\.aws\/|\.ssh\/)/i, 'holds secrets of an account'],
  [/(?:^|\/)(?:sftp|ftp-sync|\.ftpconfig|deploy)\.json$|(?:^|\/)\.ftpconfig$/i, 'may hold a password of the server'],
  [/(?:^|\/)(?:error_log|.*\.log)$/i, 'looks like a log'],
]; // prettier-ignore

/** A sentence for each file that is about to be public and should perhaps not be. Pure. */
export function publicWarnings(paths: Iterable<string>): string[] {
  const warnings: string[] = [];
  for (const path of paths) {
    const why = kinds.find(([pattern]) => pattern.test(path))?.[1];
    if (why !== undefined)
      warnings.push(`${path} ${why}. If visitors must not have it, add it to the target's "ignore".`);
  }
  return warnings;
}
