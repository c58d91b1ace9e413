import { defineModule } from './define';

export const mod_socache_dbm = defineModule({
  name: 'mod_socache_dbm',
  directives: {},
});
