import { lowerCase } from '../../text/bytes';
import type { RequestRecord } from '../request/record';
import { readWords } from '../syntax/words';
import { defineModule, type ApacheModule } from './define';
import type { AuthzStatus } from './providers';
import { wordsProvider } from './requireWords';
import { fileSlot, linesOf } from './serverFile';

/** mod_authz_groupfile's per-directory configuration. */
export interface GroupFileConfig {
  file: string | undefined;
}

export const mod_authz_groupfile: ApacheModule<GroupFileConfig> = defineModule<GroupFileConfig>({
  name: 'mod_authz_groupfile',
  createDirConfig: () => ({ file: undefined }),
  directives: {
    AuthGroupFile: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'text file containing group names and member user IDs',
      summary: 'The text file that says which users belong to which group, one group a line.',
      apply: fileSlot('file'),
    },
  },
  authzProviders: {
    group: wordsProvider('AH02592: authz_groupfile authorize: require group', checkGroup),
    /** Apache compares the name of the file's group, which the site does not know. */
    'file-group': {
      parse: () => ({
        check(r) {
          const groups = groupsOf(r);
          return Array.isArray(groups) ? 'denied' : groups;
        },
      }),
    },
  },
});

function checkGroup(r: RequestRecord, words: () => readonly string[] | undefined): AuthzStatus {
  const groups = groupsOf(r);
  if (!Array.isArray(groups)) return groups;
  const wanted = words()?.map(lowerCase) ?? [];
  return groups.some((group) => wanted.includes(lowerCase(group))) ? 'granted' : 'denied';
}

/** The groups of the request's user, or what to answer where there are none. */
function groupsOf(r: RequestRecord): string[] | AuthzStatus {
  const user = r.user;
  if (user === null) return 'no user';
  const path = r.perDirConfig.get(mod_authz_groupfile)?.file;
  if (path === undefined) {
    r.logError('AH01664: No group file was specified in the configuration');
    return 'denied';
  }
  const lines = linesOf(r, path);
  if (lines === undefined) {
    r.logError(`AH01665: Could not open group file: ${path}`);
    return 'denied';
  }
  return lines.flatMap((line) => groupWith(line, user));
}

/** The name before the colon, when one of the words behind it is the user. */
function groupWith(line: string, user: string): string[] {
  const [, name = '', members = ''] = /^([^:]*):*([^]*)$/.exec(line) ?? [];
  const isMember = readWords(members).some((word) => word.value === user);
  return isMember ? [name.trimEnd()] : [];
}
