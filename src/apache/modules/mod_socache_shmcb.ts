import { defineModule } from './define';

export const mod_socache_shmcb = defineModule({
  name: 'mod_socache_shmcb',
  directives: {},
});
