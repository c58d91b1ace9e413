import { defineModule } from './define';

export const mod_imagemap = defineModule({
  name: 'mod_imagemap',
  directives: {
    ImapMenu: {
      args: 'TAKE1',
      where: ['Indexes'],
      help: 'the type of menu generated: none, formatted, semiformatted, unformatted',
      summary: 'The kind of menu that an image map without coordinates shows.',
      values: ['none', 'formatted', 'semiformatted', 'unformatted'],
      apply: () => undefined,
    },
    ImapDefault: {
      args: 'TAKE1',
      where: ['Indexes'],
      help: 'the action taken if no match: error, nocontent, referer, menu, URL',
      summary: 'Where a click leads for which an image map has no entry.',
      values: ['error', 'nocontent', 'map', 'referer'],
      apply: () => undefined,
    },
    ImapBase: {
      args: 'TAKE1',
      where: ['Indexes'],
      help: "the base for all URL's: map, referer, URL (or start of)",
      summary: 'The URL against which those of an image map are relative.',
      values: ['map', 'referer'],
      apply: () => undefined,
    },
  },
});
