import { defineModule } from './define';

export const mod_reflector = defineModule({
  name: 'mod_reflector',
  directives: {
    ReflectorHeader: {
      args: 'TAKE12',
      where: ['Options'],
      help: 'Header to reflect back in the response, with an optional new name.',
      summary: 'Sends a request header back with the reflected body, under another name if one is given.',
      apply: () => undefined,
    },
  },
});
