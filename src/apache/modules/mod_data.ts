import { defineModule } from './define';

export const mod_data = defineModule({
  name: 'mod_data',
  directives: {},
});
