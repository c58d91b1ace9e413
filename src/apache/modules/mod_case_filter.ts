import { defineModule } from './define';

export const mod_case_filter = defineModule({
  name: 'mod_case_filter',
  directives: {
    CaseFilter: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Run a case filter on this host',
      summary: 'An example: sends answers in capital letters.',
    },
  },
});
