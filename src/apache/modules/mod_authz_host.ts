import { defineModule } from './define';

export const mod_authz_host = defineModule({
  name: 'mod_authz_host',
  directives: {},
});
