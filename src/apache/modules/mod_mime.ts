import { defineModule } from './define';

export const mod_mime = defineModule({
  name: 'mod_mime',
  directives: {
    AddCharset: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'a charset (e.g., iso-2022-jp), followed by one or more file extensions',
    },
    AddEncoding: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'an encoding (e.g., gzip), followed by one or more file extensions',
    },
    AddHandler: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'a handler name followed by one or more file extensions',
    },
    AddInputFilter: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'input filter name (or ; delimited names) followed by one or more file extensions',
    },
    AddLanguage: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'a language (e.g., fr), followed by one or more file extensions',
    },
    AddOutputFilter: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'output filter name (or ; delimited names) followed by one or more file extensions',
    },
    AddType: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'a mime type followed by one or more file extensions',
    },
    DefaultLanguage: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'language to use for documents with no other language file extension',
    },
    MultiviewsMatch: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'NegotiatedOnly (default), Handlers and/or Filters, or Any',
    },
    RemoveCharset: { args: 'ITERATE', where: ['FileInfo'], help: 'one or more file extensions' },
    RemoveEncoding: { args: 'ITERATE', where: ['FileInfo'], help: 'one or more file extensions' },
    RemoveHandler: { args: 'ITERATE', where: ['FileInfo'], help: 'one or more file extensions' },
    RemoveInputFilter: { args: 'ITERATE', where: ['FileInfo'], help: 'one or more file extensions' },
    RemoveLanguage: { args: 'ITERATE', where: ['FileInfo'], help: 'one or more file extensions' },
    RemoveOutputFilter: { args: 'ITERATE', where: ['FileInfo'], help: 'one or more file extensions' },
    RemoveType: { args: 'ITERATE', where: ['FileInfo'], help: 'one or more file extensions' },
    TypesConfig: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'the MIME types config file' },
    ModMimeUsePathInfo: {
      args: 'FLAG',
      where: ['ACCESS_CONF'],
      help: "Set to 'yes' to allow mod_mime to use path info for type checking",
    },
  },
});
