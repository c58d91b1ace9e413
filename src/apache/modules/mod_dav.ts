import { defineModule } from './define';

export const mod_dav = defineModule({
  name: 'mod_dav',
  directives: {
    DAV: {
      args: 'TAKE1',
      where: ['ACCESS_CONF'],
      help: 'specify the DAV provider for a directory or location',
    },
    DAVBasePath: { args: 'TAKE1', where: ['ACCESS_CONF'], help: 'specify the DAV repository base URL' },
    DAVMinTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'specify minimum allowed timeout',
    },
    DAVDepthInfinity: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'allow Depth infinity PROPFIND requests',
    },
    DAVLockDiscovery: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'allow lock discovery by PROPFIND requests',
    },
  },
});
