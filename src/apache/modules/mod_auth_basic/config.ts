import type { Expr } from '../../expr';
import type { NamedProvider } from '../authnProviders';

/** Name and password of AuthBasicFake. */
export interface FakeCredentials {
  readonly user: Expr;
  readonly password: Expr;
}

/** mod_auth_basic's per-directory configuration; undefined means not set. */
export interface BasicConfig {
  providers: NamedProvider[] | undefined;
  isAuthoritative: boolean | undefined;
  /** null for off. */
  fake: FakeCredentials | null | undefined;
  usesDigestHash: boolean | undefined;
}

/** Nothing set. */
export function createBasicConfig(): BasicConfig {
  return { providers: undefined, isAuthoritative: undefined, fake: undefined, usesDigestHash: undefined };
}

/** The deeper configuration over the outer one. */
export function mergeBasicConfig(base: BasicConfig, add: BasicConfig): BasicConfig {
  return {
    providers: add.providers ?? base.providers,
    isAuthoritative: add.isAuthoritative ?? base.isAuthoritative,
    fake: add.fake === undefined ? base.fake : add.fake,
    usesDigestHash: add.usesDigestHash ?? base.usesDigestHash,
  };
}
