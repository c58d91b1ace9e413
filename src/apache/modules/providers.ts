import type { RequestRecord } from '../request/record';
import type { Command } from './define';

/** What an authorization provider says of a request (authz_status of mod_auth.h). 'no user': a user might change the answer. */
export type AuthzStatus = 'granted' | 'denied' | 'no user' | 'neutral' | 'error';

/** A `Require` line, ready to be asked. */
export type AuthzCheck = (r: RequestRecord) => AuthzStatus;

/** What stands behind the first word of `Require`. */
export interface AuthzProvider {
  /** The N of 2.4.N that brought it; absent for those of 2.4.1. */
  readonly since?: number;
  /** Reads what follows the word; Apache's own words where it refuses that. */
  parse(cmd: Command, args: string): { readonly check: AuthzCheck } | { readonly refusal: string };
}

/** What an authentication provider says of a name and password (authn_status of mod_auth.h). */
export type AuthnStatus = 'granted' | 'denied' | 'not found' | 'error';

/** The stored hash of `user:realm:password`, or why there is none. */
export type RealmHash = { readonly hash: string } | 'not found' | 'error';

/** What stands behind a word of AuthBasicProvider and its like. */
export interface AuthnProvider {
  /** Absent where the provider cannot check a password (Basic, form). */
  checkPassword?(r: RequestRecord, user: string, password: string): AuthnStatus;
  /** Absent where the provider has no hashes for Digest. */
  realmHash?(r: RequestRecord, user: string, realm: string): RealmHash;
}
