import { defineModule } from './define';

export const mod_autoindex = defineModule({
  name: 'mod_autoindex',
  directives: {
    AddIcon: { args: 'ITERATE2', where: ['Indexes'], help: 'an icon URL followed by one or more filenames' },
    AddIconByType: {
      args: 'ITERATE2',
      where: ['Indexes'],
      help: 'an icon URL followed by one or more MIME types',
    },
    AddIconByEncoding: {
      args: 'ITERATE2',
      where: ['Indexes'],
      help: 'an icon URL followed by one or more content encodings',
    },
    AddAlt: {
      args: 'ITERATE2',
      where: ['Indexes'],
      help: 'alternate descriptive text followed by one or more filenames',
    },
    AddAltByType: {
      args: 'ITERATE2',
      where: ['Indexes'],
      help: 'alternate descriptive text followed by one or more MIME types',
    },
    AddAltByEncoding: {
      args: 'ITERATE2',
      where: ['Indexes'],
      help: 'alternate descriptive text followed by one or more content encodings',
    },
    IndexOptions: { args: 'TAKE_ARGV', where: ['Indexes'], help: 'one or more index options [+|-][]' },
    IndexOrderDefault: {
      args: 'TAKE2',
      where: ['Indexes'],
      help: '{Ascending,Descending} {Name,Size,Description,Date}',
    },
    IndexIgnore: { args: 'ITERATE', where: ['Indexes'], help: 'one or more file extensions' },
    IndexIgnoreReset: {
      args: 'FLAG',
      where: ['Indexes'],
      help: 'Reset the inherited list of IndexIgnore filenames',
    },
    AddDescription: {
      args: 'ITERATE2',
      where: ['Indexes'],
      help: 'Descriptive text followed by one or more filenames',
    },
    HeaderName: { args: 'TAKE1', where: ['Indexes'], help: 'a filename' },
    ReadmeName: { args: 'TAKE1', where: ['Indexes'], help: 'a filename' },
    FancyIndexing: {
      args: 'RAW_ARGS',
      where: ['All'],
      help: 'The FancyIndexing directive is no longer supported. Use IndexOptions FancyIndexing.',
    },
    DefaultIcon: { args: 'TAKE1', where: ['Indexes'], help: 'an icon URL' },
    IndexStyleSheet: { args: 'TAKE1', where: ['Indexes'], help: 'URL to style sheet' },
    IndexHeadInsert: { args: 'TAKE1', where: ['Indexes'], help: 'String to insert in HTML HEAD section' },
  },
});
