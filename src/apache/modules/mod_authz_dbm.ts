import type { RequestRecord } from '../request/record';
import { defineModule, type ApacheModule } from './define';
import type { AuthzStatus } from './providers';
import { wordsProvider } from './requireWords';
import { fileSlot } from './serverFile';

/** mod_authz_dbm's per-directory configuration. */
export interface AuthzDbmConfig {
  file: string | undefined;
}

export const mod_authz_dbm: ApacheModule<AuthzDbmConfig> = defineModule<AuthzDbmConfig>({
  name: 'mod_authz_dbm',
  createDirConfig: () => ({ file: undefined }),
  directives: {
    AuthDBMGroupFile: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'database file containing group names and member user IDs',
      summary: 'The DBM database that says which groups a user belongs to.',
      apply: fileSlot('file'),
    },
    AuthzDBMType: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'what type of DBM file the group file is',
      summary: 'The format of the DBM database with the groups.',
      values: ['default', 'SDBM', 'GDBM', 'NDBM', 'DB'],
      /** Kept as it is; a type that does not exist shows with the first request. */
      apply: () => undefined,
    },
  },
  authzProviders: {
    'dbm-group': wordsProvider('AH02591: authz_dbm authorize: require dbm-group', checkGroup),
    'dbm-file-group': { parse: () => ({ check: checkGroup }) },
  },
});

/** The format of the database is not read here, so no user is found in it. */
function checkGroup(r: RequestRecord): AuthzStatus {
  if (r.user === null) return 'no user';
  const file = r.perDirConfig.get(mod_authz_dbm)?.file;
  if (file === undefined) r.logError('AH01798: No group file was specified in the configuration');
  else
    r.logError(
      `AH01800: Authorization of user ${r.user} to access ${r.uri} failed, reason: user doesn't appear in DBM group file (${file}).`,
    );
  return 'denied';
}
