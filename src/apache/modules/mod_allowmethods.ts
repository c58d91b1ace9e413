import { defineModule } from './define';

export const mod_allowmethods = defineModule({
  name: 'mod_allowmethods',
  directives: {
    AllowMethods: {
      args: 'TAKE_ARGV',
      where: ['ACCESS_CONF'],
      help: 'only allow specific methods',
      summary: 'The request methods that are answered at all; others get 405.',
    },
  },
});
