import { defineModule } from './define';

export const mod_proxy_ftp = defineModule({
  name: 'mod_proxy_ftp',
  directives: {
    ProxyFtpListOnWildcard: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Whether wildcard characters in a path cause mod_proxy_ftp to list the files instead of trying to get them. Defaults to on.',
      summary: 'Whether a path with wildcards lists files instead of fetching one.',
    },
    ProxyFtpEscapeWildcards: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Whether the proxy should escape wildcards in paths before sending them to the FTP server.  Defaults to on, but most FTP servers will need it turned off if you need to manage paths that contain wildcard characters.',
      summary: 'Whether wildcards in paths are escaped for the FTP server.',
    },
    ProxyFtpDirCharset: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Define the character set for proxied FTP listings',
      summary: 'The character set of listings of FTP folders.',
    },
  },
});
