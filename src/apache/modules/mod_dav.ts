import { defineModule } from './define';

export const mod_dav = defineModule({
  name: 'mod_dav',
  directives: {
    DAV: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'specify the DAV provider for a directory or location',
      summary: 'Lets clients write files by WebDAV.',
    },
    DAVBasePath: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'specify the DAV repository base URL',
      summary: 'The URL at which the WebDAV repository begins.',
      since: 58,
    },
    DAVMinTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'specify minimum allowed timeout',
      summary: 'The shortest time, in seconds, that a lock holds.',
    },
    DAVDepthInfinity: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'allow Depth infinity PROPFIND requests',
      summary: 'Whether a client may ask for a whole tree at once.',
    },
    DAVLockDiscovery: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'allow lock discovery by PROPFIND requests',
      summary: 'Whether a client may ask who holds a lock.',
      since: 55,
    },
  },
});
