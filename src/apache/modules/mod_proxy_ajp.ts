import { defineModule } from './define';

export const mod_proxy_ajp = defineModule({
  name: 'mod_proxy_ajp',
  directives: {},
});
