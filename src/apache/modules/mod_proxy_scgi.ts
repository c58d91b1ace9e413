import { defineModule } from './define';

export const mod_proxy_scgi = defineModule({
  name: 'mod_proxy_scgi',
  directives: {
    ProxySCGISendfile: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The name of the X-Sendfile pseudo response header or On or Off',
      summary: 'The header by which an SCGI program has a file sent.',
    },
    ProxySCGIInternalRedirect: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'The name of the pseudo response header or On or Off',
      summary: 'The header by which an SCGI program asks for an internal redirect.',
    },
  },
});
