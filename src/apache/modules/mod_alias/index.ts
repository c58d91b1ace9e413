import { defineModule, type ApacheModule } from '../define';
import { createAliasConfig, mergeAliasConfig, type AliasConfig } from './config';
import { redirectFixup } from './fixup';
import { addRedirect, type RedirectForm } from './parse';

const REDIRECT: RedirectForm = { status: 302, isRegex: false };
const REDIRECT_MATCH: RedirectForm = { status: 302, isRegex: true };
const REDIRECT_PERMANENT: RedirectForm = { status: 301, isRegex: false };

const STATUS_WORDS = ['permanent', 'temp', 'seeother', 'gone'];

export const mod_alias: ApacheModule<AliasConfig> = defineModule<AliasConfig>({
  name: 'mod_alias',
  createDirConfig: createAliasConfig,
  mergeDirConfig: mergeAliasConfig,
  directives: {
    Alias: {
      args: 'TAKE12',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'a fakename and a realname, or a realname in a Location',
      summary: 'Serves a URL path from a folder outside of the document root. Only the host can set it.',
    },
    ScriptAlias: {
      args: 'TAKE12',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'a fakename and a realname, or a realname in a Location',
      summary: 'Like Alias, for a folder whose files are all CGI programs. Only the host can set it.',
    },
    Redirect: {
      args: 'TAKE123',
      where: ['FileInfo'],
      help: 'an optional status, then document to be redirected and destination URL',
      summary:
        'Sends visitors of a URL path, and of all below it, to another URL; what follows the path is appended. With `gone` or an error status it answers with that status instead.',
      values: STATUS_WORDS,
      apply: (cmd, config, first, second, third) =>
        addRedirect(cmd, config, REDIRECT, [first, second, third]),
    },
    AliasMatch: {
      args: 'TAKE2',
      where: ['RSRC_CONF'],
      help: 'a regular expression and a filename',
      summary: 'Like Alias, with a regular expression for the URL path. Only the host can set it.',
    },
    ScriptAliasMatch: {
      args: 'TAKE2',
      where: ['RSRC_CONF'],
      help: 'a regular expression and a filename',
      summary: 'Like ScriptAlias, with a regular expression for the URL path. Only the host can set it.',
    },
    RedirectMatch: {
      args: 'TAKE23',
      where: ['FileInfo'],
      help: 'an optional status, then a regular expression and destination URL',
      summary:
        'Sends visitors to another URL when a regular expression matches the URL path; `$1` to `$9` stand for its groups.',
      values: STATUS_WORDS,
      apply: (cmd, config, first, second, third) =>
        addRedirect(cmd, config, REDIRECT_MATCH, [first, second, third]),
    },
    RedirectTemp: {
      args: 'TAKE2',
      where: ['FileInfo'],
      help: 'a document to be redirected, then the destination URL',
      summary: 'The same as `Redirect temp`: another URL for now (302).',
      apply: (cmd, config, first, second) => addRedirect(cmd, config, REDIRECT, [first, second, undefined]),
    },
    RedirectPermanent: {
      args: 'TAKE2',
      where: ['FileInfo'],
      help: 'a document to be redirected, then the destination URL',
      summary: 'The same as `Redirect permanent`: another URL for good (301).',
      apply: (cmd, config, first, second) =>
        addRedirect(cmd, config, REDIRECT_PERMANENT, [first, second, undefined]),
    },
    RedirectRelative: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'Set to ON to allow relative redirect targets to be issued as-is',
      since: 58,
      summary:
        'Leaves a redirect target that begins with `/` as it is, without putting the host name before it.',
      apply(_cmd, config, on) {
        config.relative = on;
        return undefined;
      },
    },
    AliasPreservePath: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'Set to ON to map the full path after the fakename to the realname.',
      since: 58,
      summary:
        'For an Alias inside <Location> of the host: appends the rest of the URL path to the folder. Without such an Alias it does nothing.',
      apply(_cmd, config, on) {
        config.preservePath = on;
        return undefined;
      },
    },
  },
  hooks: { fixups: (r) => redirectFixup(r, r.perDirConfig.get(mod_alias)) },
});
