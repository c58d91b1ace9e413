import { defineModule } from './define';

export const mod_dir = defineModule({
  name: 'mod_dir',
  directives: {
    FallbackResource: { args: 'TAKE1', where: ['Indexes'], help: 'Set a default handler' },
    DirectoryIndex: { args: 'RAW_ARGS', where: ['Indexes'], help: 'a list of file names' },
    DirectorySlash: { args: 'FLAG', where: ['Indexes'], help: 'On or Off' },
    DirectoryCheckHandler: { args: 'FLAG', where: ['Indexes'], help: 'On or Off' },
    DirectoryIndexRedirect: { args: 'TAKE1', where: ['Indexes'], help: 'On, Off, or a 3xx status code.' },
  },
});
