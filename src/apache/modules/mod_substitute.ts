import { defineModule } from './define';

export const mod_substitute = defineModule({
  name: 'mod_substitute',
  directives: {
    Substitute: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'Pattern to filter the response content (s/foo/bar/[inf])',
    },
    SubstituteMaxLineLength: { args: 'TAKE1', where: ['FileInfo'], help: 'Maximum line length' },
    SubstituteInheritBefore: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'Apply inherited patterns before those of the current context',
    },
  },
});
