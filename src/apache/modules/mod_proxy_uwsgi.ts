import { defineModule } from './define';

export const mod_proxy_uwsgi = defineModule({
  name: 'mod_proxy_uwsgi',
  directives: {},
});
