import { defineModule } from './define';

export const mod_proxy_fcgi = defineModule({
  name: 'mod_proxy_fcgi',
  directives: {
    ProxyFCGIBackendType: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: "Specify the type of FastCGI server: 'Generic', 'FPM'",
    },
    ProxyFCGISetEnvIf: { args: 'TAKE23', where: ['FileInfo'], help: 'expr-condition env-name expr-value' },
  },
});
