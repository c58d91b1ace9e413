import { passwordMatches } from '../crypt';
import type { RequestRecord } from '../request/record';
import { defineModule, type ApacheModule } from './define';
import type { AuthnProvider } from './providers';
import { fileSlot, linesOf } from './serverFile';

/** mod_authn_file's per-directory configuration. */
export interface AuthnFileConfig {
  file: string | undefined;
}

/** AuthBasicProvider file: the lines `user:hash` of AuthUserFile, and the lines `user:realm:hash` of htdigest. */
export const fileProvider: AuthnProvider = {
  checkPassword(r, user, password) {
    const fields = entry(r, user, undefined);
    if (!Array.isArray(fields)) return fields;
    return passwordMatches(password, fields[1] ?? '') ? 'granted' : 'denied';
  },
  realmHash(r, user, realm) {
    const fields = entry(r, user, realm);
    return Array.isArray(fields) ? { hash: fields[2] ?? '' } : fields;
  },
};

export const mod_authn_file: ApacheModule<AuthnFileConfig> = defineModule<AuthnFileConfig>({
  name: 'mod_authn_file',
  createDirConfig: () => ({ file: undefined }),
  directives: {
    AuthUserFile: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'text file containing user IDs and passwords',
      summary: 'The file with users and the hashes of their passwords, by its full path on the server.',
      apply: fileSlot('file'),
    },
  },
  authnProviders: { file: fileProvider },
});

/** The fields of the first line of a user, and of a realm where one is asked for. */
function entry(r: RequestRecord, user: string, realm: string | undefined): string[] | 'not found' | 'error' {
  const path = r.perDirConfig.get(mod_authn_file)?.file;
  if (path === undefined) {
    r.logError('AH01619: AuthUserFile not specified in the configuration');
    return 'error';
  }
  const lines = linesOf(r, path);
  if (lines === undefined) {
    r.logError(`AH01620: Could not open password file: ${path}`);
    return 'error';
  }
  // Any number of colons divides two fields.
  const entries = lines.map((line) => line.split(/:+/));
  return entries.find(([name, second]) => name === user && (realm ?? second) === second) ?? 'not found';
}
