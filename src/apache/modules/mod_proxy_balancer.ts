import { defineModule } from './define';

export const mod_proxy_balancer = defineModule({
  name: 'mod_proxy_balancer',
  directives: {},
});
