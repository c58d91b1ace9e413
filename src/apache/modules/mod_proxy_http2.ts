import { defineModule } from './define';

export const mod_proxy_http2 = defineModule({
  name: 'mod_proxy_http2',
  directives: {},
});
