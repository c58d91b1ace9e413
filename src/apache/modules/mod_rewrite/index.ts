import { defineModule, type ApacheModule } from '../define';
import { createRewriteConfig, mergeRewriteConfig, type RewriteConfig } from './config';
import { forceTypeFixup, rewriteFixup } from './fixup';
import { addCondition, addOptions, addRule } from './parse';

export const mod_rewrite: ApacheModule<RewriteConfig> = defineModule<RewriteConfig>({
  name: 'mod_rewrite',
  createDirConfig: createRewriteConfig,
  mergeDirConfig: mergeRewriteConfig,
  directives: {
    RewriteEngine: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'On or Off to enable or disable (default) the whole rewriting engine',
      apply(_cmd, config, on) {
        config.engine = on;
        config.isEngineSet = true;
        return undefined;
      },
    },
    RewriteOptions: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'List of option strings to set',
      apply: addOptions,
    },
    RewriteBase: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'the base URL of the per-directory context',
      apply(_cmd, config, url) {
        if (!url.startsWith('/')) return 'RewriteBase: argument is not a valid URL';
        config.baseUrl = url;
        return undefined;
      },
    },
    RewriteCond: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'an input string and a to be applied regexp-pattern',
      apply: addCondition,
    },
    RewriteRule: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'an URL-applied regexp-pattern and a substitution URL',
      apply: addRule,
    },
    RewriteMap: { args: 'TAKE23', where: ['RSRC_CONF'], help: 'a mapname and a filename and options' },
  },
  hooks: {
    fixups: (r) => rewriteFixup(r, r.perDirConfig.get(mod_rewrite)),
    lastFixups: forceTypeFixup,
  },
});
