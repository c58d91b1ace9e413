import type { RequestRecord } from '../request/record';
import { defineModule, type ApacheModule } from './define';
import { fileSlot } from './serverFile';

/** mod_authn_dbm's per-directory configuration. */
export interface AuthnDbmConfig {
  file: string | undefined;
}

export const mod_authn_dbm: ApacheModule<AuthnDbmConfig> = defineModule<AuthnDbmConfig>({
  name: 'mod_authn_dbm',
  createDirConfig: () => ({ file: undefined }),
  directives: {
    AuthDBMUserFile: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'dbm database file containing user IDs and passwords',
      summary: 'The DBM database with users and the hashes of their passwords.',
      apply: fileSlot('file'),
    },
    AuthDBMType: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'what type of DBM file the user file is',
      summary: 'The format of the DBM database with the users.',
      values: ['default', 'SDBM', 'GDBM', 'NDBM', 'DB'],
      /** Kept as it is; a type that does not exist shows with the first request. */
      apply: () => undefined,
    },
  },
  authnProviders: { dbm: { checkPassword: cannotOpen, realmHash: cannotOpen } },
});

/** The format of the database is not read here. */
function cannotOpen(r: RequestRecord): 'error' {
  const file = r.perDirConfig.get(mod_authn_dbm)?.file ?? '(null)';
  r.logError(`AH10285: could not open dbm (type default) file: ${file}`);
  return 'error';
}
