import { defineModule } from './define';

export const mod_cern_meta = defineModule({
  name: 'mod_cern_meta',
  directives: {
    MetaFiles: { args: 'FLAG', where: ['Indexes'], help: "Limited to 'on' or 'off'" },
    MetaDir: { args: 'TAKE1', where: ['Indexes'], help: 'the name of the directory containing meta files' },
    MetaSuffix: { args: 'TAKE1', where: ['Indexes'], help: 'the filename suffix for meta files' },
  },
});
