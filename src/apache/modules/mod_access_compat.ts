import { defineModule } from './define';

export const mod_access_compat = defineModule({
  name: 'mod_access_compat',
  directives: {
    order: { args: 'TAKE1', where: ['Limit'], help: "'allow,deny', 'deny,allow', or 'mutual-failure'" },
    allow: {
      args: 'ITERATE2',
      where: ['Limit'],
      help: "'from' followed by hostnames or IP-address wildcards",
    },
    deny: {
      args: 'ITERATE2',
      where: ['Limit'],
      help: "'from' followed by hostnames or IP-address wildcards",
    },
    Satisfy: {
      args: 'TAKE1',
      where: ['AuthConfig'],
      help: "access policy if both allow and require used ('all' or 'any')",
    },
  },
});
