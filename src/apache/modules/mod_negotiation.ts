import { defineModule } from './define';

export const mod_negotiation = defineModule({
  name: 'mod_negotiation',
  directives: {
    CacheNegotiatedDocs: { args: 'FLAG', where: ['RSRC_CONF'], help: "Either 'on' or 'off' (default)" },
    LanguagePriority: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'space-delimited list of MIME language abbreviations',
    },
    ForceLanguagePriority: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'Force LanguagePriority elections, either None, or Fallback and/or Prefer',
    },
  },
});
