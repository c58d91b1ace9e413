import { defineModule } from './define';

export const mod_asis = defineModule({
  name: 'mod_asis',
  directives: {},
});
