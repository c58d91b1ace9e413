import { defineModule } from './define';

export const mod_proxy_fdpass = defineModule({
  name: 'mod_proxy_fdpass',
  directives: {},
});
