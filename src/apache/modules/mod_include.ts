import { defineModule } from './define';

export const mod_include = defineModule({
  name: 'mod_include',
  directives: {
    XBitHack: { args: 'TAKE1', where: ['Options'], help: 'Off, On, or Full' },
    SSIErrorMsg: { args: 'TAKE1', where: ['All'], help: 'a string' },
    SSITimeFormat: { args: 'TAKE1', where: ['All'], help: 'a strftime(3) formatted string' },
    SSIStartTag: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'SSI Start String Tag' },
    SSIEndTag: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'SSI End String Tag' },
    SSIUndefinedEcho: {
      args: 'TAKE1',
      where: ['All'],
      help: 'String to be displayed if an echoed variable is undefined',
    },
    SSILegacyExprParser: {
      args: 'FLAG',
      where: ['Limit'],
      help: "Whether to use the legacy expression parser compatible with <= 2.2.x. Limited to 'on' or 'off'",
    },
    SSILastModified: {
      args: 'FLAG',
      where: ['Limit'],
      help: "Whether to set the last modified header or respect an existing header. Limited to 'on' or 'off'",
    },
    SSIEtag: {
      args: 'FLAG',
      where: ['Limit'],
      help: "Whether to allow the generation of ETags within the server. Existing ETags will be preserved. Limited to 'on' or 'off'",
    },
  },
});
