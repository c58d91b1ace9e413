import { defineModule } from './define';

export const mod_authz_user = defineModule({
  name: 'mod_authz_user',
  directives: {},
});
