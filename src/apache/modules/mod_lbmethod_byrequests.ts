import { defineModule } from './define';

export const mod_lbmethod_byrequests = defineModule({
  name: 'mod_lbmethod_byrequests',
  directives: {},
});
