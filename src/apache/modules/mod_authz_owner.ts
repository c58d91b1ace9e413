import { defineModule } from './define';

export const mod_authz_owner = defineModule({
  name: 'mod_authz_owner',
  directives: {},
});
