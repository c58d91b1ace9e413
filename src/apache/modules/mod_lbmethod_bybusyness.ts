import { defineModule } from './define';

export const mod_lbmethod_bybusyness = defineModule({
  name: 'mod_lbmethod_bybusyness',
  directives: {},
});
