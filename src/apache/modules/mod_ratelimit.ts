import { defineModule } from './define';

export const mod_ratelimit = defineModule({
  name: 'mod_ratelimit',
  directives: {},
});
