import { defineModule } from './define';

export const mod_cern_meta = defineModule({
  name: 'mod_cern_meta',
  directives: {
    MetaFiles: {
      args: 'FLAG',
      where: ['Indexes'],
      help: "Limited to 'on' or 'off'",
      summary: 'Takes further response headers from a file beside each file.',
      apply: () => undefined,
    },
    MetaDir: {
      args: 'TAKE1',
      where: ['Indexes'],
      help: 'the name of the directory containing meta files',
      summary: 'The folder of the files with headers; `.web` by default.',
      apply: () => undefined,
    },
    MetaSuffix: {
      args: 'TAKE1',
      where: ['Indexes'],
      help: 'the filename suffix for meta files',
      summary: 'The ending of the files with headers; `.meta` by default.',
      apply: () => undefined,
    },
  },
});
