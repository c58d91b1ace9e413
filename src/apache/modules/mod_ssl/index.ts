import { defineModule, type ApacheModule } from '../define';
import { checkSpoof, checkSslAccess, checkStrictly } from './access';
import { createSslConfig, mergeSslConfig, type SslConfig } from './config';
import { folderDirectives } from './folder';
import { sslProviders } from './providers';
import { proxyDirectives } from './proxy';
import { revocationDirectives } from './revocation';
import { serverDirectives } from './server';

export const mod_ssl: ApacheModule<SslConfig> = defineModule<SslConfig>({
  name: 'mod_ssl',
  createDirConfig: createSslConfig,
  mergeDirConfig: mergeSslConfig,
  directives: { ...serverDirectives, ...folderDirectives, ...proxyDirectives, ...revocationDirectives },
  authzProviders: sslProviders,
  hooks: {
    accessChecker: (r) => checkSslAccess(r, r.perDirConfig.get(mod_ssl)),
    checkUserId(r) {
      const strict = checkStrictly(r, r.perDirConfig.get(mod_ssl));
      return strict === 'declined' ? checkSpoof(r) : strict;
    },
    authChecker: (r) => checkStrictly(r, r.perDirConfig.get(mod_ssl)),
  },
});
