import { defineModule } from './define';

export const mod_unique_id = defineModule({
  name: 'mod_unique_id',
  directives: {},
});
