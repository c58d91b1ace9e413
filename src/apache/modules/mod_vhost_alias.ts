import { defineModule } from './define';

export const mod_vhost_alias = defineModule({
  name: 'mod_vhost_alias',
  directives: {
    VirtualScriptAlias: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'how to create a ScriptAlias based on the host',
      summary: "Where each host's CGI programs lie, by the host's name. Only the host can set it.",
    },
    VirtualDocumentRoot: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'how to create the DocumentRoot based on the host',
      summary: "Where each host's files lie, by the host's name. Only the host can set it.",
    },
    VirtualScriptAliasIP: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'how to create a ScriptAlias based on the host',
      summary: "Where each host's CGI programs lie, by the server's address. Only the host can set it.",
    },
    VirtualDocumentRootIP: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'how to create the DocumentRoot based on the host',
      summary: "Where each host's files lie, by the server's address. Only the host can set it.",
    },
  },
});
