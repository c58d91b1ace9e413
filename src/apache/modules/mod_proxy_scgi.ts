import { defineModule } from './define';

export const mod_proxy_scgi = defineModule({
  name: 'mod_proxy_scgi',
  directives: {
    ProxySCGISendfile: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The name of the X-Sendfile pseudo response header or On or Off',
    },
    ProxySCGIInternalRedirect: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The name of the pseudo response header or On or Off',
    },
  },
});
