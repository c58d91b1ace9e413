import { defineModule } from './define';

export const mod_alias = defineModule({
  name: 'mod_alias',
  directives: {
    Alias: {
      args: 'TAKE12',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'a fakename and a realname, or a realname in a Location',
    },
    ScriptAlias: {
      args: 'TAKE12',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'a fakename and a realname, or a realname in a Location',
    },
    Redirect: {
      args: 'TAKE123',
      where: ['FileInfo'],
      help: 'an optional status, then document to be redirected and destination URL',
    },
    AliasMatch: { args: 'TAKE2', where: ['RSRC_CONF'], help: 'a regular expression and a filename' },
    ScriptAliasMatch: { args: 'TAKE2', where: ['RSRC_CONF'], help: 'a regular expression and a filename' },
    RedirectMatch: {
      args: 'TAKE23',
      where: ['FileInfo'],
      help: 'an optional status, then a regular expression and destination URL',
    },
    RedirectTemp: {
      args: 'TAKE2',
      where: ['FileInfo'],
      help: 'a document to be redirected, then the destination URL',
    },
    RedirectPermanent: {
      args: 'TAKE2',
      where: ['FileInfo'],
      help: 'a document to be redirected, then the destination URL',
    },
    RedirectRelative: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'Set to ON to allow relative redirect targets to be issued as-is',
    },
    AliasPreservePath: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'Set to ON to map the full path after the fakename to the realname.',
    },
  },
});
