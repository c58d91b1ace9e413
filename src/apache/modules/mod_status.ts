import { defineModule } from './define';

export const mod_status = defineModule({
  name: 'mod_status',
  directives: {},
});
