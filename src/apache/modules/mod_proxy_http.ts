import { defineModule } from './define';

export const mod_proxy_http = defineModule({
  name: 'mod_proxy_http',
  directives: {},
});
