import { defineModule } from './define';

export const mod_auth_digest = defineModule({
  name: 'mod_auth_digest',
  directives: {
    AuthDigestProvider: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'specify the auth providers for a directory or location',
    },
    AuthDigestQop: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: 'A list of quality-of-protection options',
    },
    AuthDigestNonceLifetime: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'Maximum lifetime of the server nonce (seconds)',
    },
    AuthDigestNcCheck: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: 'Whether or not to check the nonce-count sent by the client',
    },
    AuthDigestAlgorithm: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: 'The algorithm used for the hash calculation',
    },
    AuthDigestDomain: {
      args: 'ITERATE',
      where: ['AuthConfig'],
      help: "A list of URI's which belong to the same protection space as the current URI",
    },
    AuthDigestShmemSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The amount of shared memory to allocate for keeping track of clients',
    },
  },
});
