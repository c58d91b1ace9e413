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
      summary: 'Switches rewriting on or off for this folder and those below.',
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
      summary: "What this folder's rules have to do with those of the folders around it.",
      apply: addOptions,
    },
    RewriteBase: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'the base URL of the per-directory context',
      summary: 'The URL path that relative results of rules begin with.',
      apply(_cmd, config, url) {
        if (!url.startsWith('/')) return 'RewriteBase: argument is not a valid URL';
        config.baseUrl = url;
        config.isBaseUrlSet = true;
        return undefined;
      },
    },
    RewriteCond: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'an input string and a to be applied regexp-pattern',
      summary: 'A condition of the next RewriteRule.',
      apply: addCondition,
    },
    RewriteRule: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'an URL-applied regexp-pattern and a substitution URL',
      summary: 'Changes the URL, redirects, or refuses, where a pattern matches.',
      apply: addRule,
    },
    RewriteMap: {
      args: 'TAKE23',
      where: ['RSRC_CONF'],
      help: 'a mapname and a filename and options',
      summary: 'A table or program that rules can look things up in.',
    },
  },
  hooks: {
    fixups: (r) => rewriteFixup(r, r.perDirConfig.get(mod_rewrite)),
    lastFixups: forceTypeFixup,
  },
});
