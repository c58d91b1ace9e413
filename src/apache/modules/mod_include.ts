import { defineModule, type Refusal } from './define';

function xBitHack(value: string): Refusal {
  return ['off', 'on', 'full'].includes(value.toLowerCase())
    ? undefined
    : 'XBitHack must be set to Off, On, or Full';
}

export const mod_include = defineModule({
  name: 'mod_include',
  directives: {
    XBitHack: {
      args: 'TAKE1',
      where: ['Options'],
      help: 'Off, On, or Full',
      summary:
        'Looks for server-side includes in HTML files that are executable; `Full` also sends their date when the group may execute them.',
      values: ['On', 'Off', 'Full'],
      apply: (_cmd, _config, value) => xBitHack(value),
    },
    SSIErrorMsg: {
      args: 'TAKE1',
      where: ['All'],
      help: 'a string',
      summary: 'What a page shows in place of a server-side include that failed.',
      apply: () => undefined,
    },
    SSITimeFormat: {
      args: 'TAKE1',
      where: ['All'],
      help: 'a strftime(3) formatted string',
      summary: 'How server-side includes write dates, in the format of strftime.',
      apply: () => undefined,
    },
    SSIStartTag: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SSI Start String Tag',
      summary: 'The text that begins a server-side include. Only the host can set it.',
    },
    SSIEndTag: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SSI End String Tag',
      summary: 'The text that ends a server-side include. Only the host can set it.',
    },
    SSIUndefinedEcho: {
      args: 'TAKE1',
      where: ['All'],
      help: 'String to be displayed if an echoed variable is undefined',
      summary: 'What server-side includes print for a variable that is not set.',
      apply: () => undefined,
    },
    SSILegacyExprParser: {
      args: 'FLAG',
      where: ['Limit'],
      help: "Whether to use the legacy expression parser compatible with <= 2.2.x. Limited to 'on' or 'off'",
      summary: 'Reads conditions of server-side includes as Apache 2.2 did.',
      apply: () => undefined,
    },
    SSILastModified: {
      args: 'FLAG',
      where: ['Limit'],
      help: "Whether to set the last modified header or respect an existing header. Limited to 'on' or 'off'",
      summary:
        'Sends the date of the file with pages of server-side includes, so that browsers may keep them.',
      apply: () => undefined,
    },
    SSIEtag: {
      args: 'FLAG',
      where: ['Limit'],
      help: "Whether to allow the generation of ETags within the server. Existing ETags will be preserved. Limited to 'on' or 'off'",
      summary: 'Sends an ETag with pages of server-side includes.',
      apply: () => undefined,
    },
  },
});
