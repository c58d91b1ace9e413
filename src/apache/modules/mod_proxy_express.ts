import { defineModule } from './define';

export const mod_proxy_express = defineModule({
  name: 'mod_proxy_express',
  directives: {
    ProxyExpressEnable: { args: 'FLAG', where: ['FileInfo'], help: 'Enable the ProxyExpress functionality' },
    ProxyExpressDBMFile: { args: 'TAKE1', where: ['FileInfo'], help: 'Location of ProxyExpressDBMFile file' },
    ProxyExpressDBMType: { args: 'TAKE1', where: ['FileInfo'], help: 'Type of ProxyExpressDBMFile file' },
  },
});
