import { defineModule } from './define';

export const mod_vhost_alias = defineModule({
  name: 'mod_vhost_alias',
  directives: {
    VirtualScriptAlias: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'how to create a ScriptAlias based on the host',
    },
    VirtualDocumentRoot: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'how to create the DocumentRoot based on the host',
    },
    VirtualScriptAliasIP: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'how to create a ScriptAlias based on the host',
    },
    VirtualDocumentRootIP: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'how to create the DocumentRoot based on the host',
    },
  },
});
