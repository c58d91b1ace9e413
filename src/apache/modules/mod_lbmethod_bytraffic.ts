import { defineModule } from './define';

export const mod_lbmethod_bytraffic = defineModule({
  name: 'mod_lbmethod_bytraffic',
  directives: {},
});
