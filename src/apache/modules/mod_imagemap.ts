import { defineModule } from './define';

export const mod_imagemap = defineModule({
  name: 'mod_imagemap',
  directives: {
    ImapMenu: {
      args: 'TAKE1',
      where: ['Indexes'],
      help: 'the type of menu generated: none, formatted, semiformatted, unformatted',
    },
    ImapDefault: {
      args: 'TAKE1',
      where: ['Indexes'],
      help: 'the action taken if no match: error, nocontent, referer, menu, URL',
    },
    ImapBase: {
      args: 'TAKE1',
      where: ['Indexes'],
      help: "the base for all URL's: map, referer, URL (or start of)",
    },
  },
});
