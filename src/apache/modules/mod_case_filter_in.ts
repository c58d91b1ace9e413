import { defineModule } from './define';

export const mod_case_filter_in = defineModule({
  name: 'mod_case_filter_in',
  directives: {
    CaseFilterIn: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Run an input case filter on this host',
      summary: 'An example: turns request bodies into capital letters.',
    },
  },
});
