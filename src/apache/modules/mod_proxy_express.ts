import { defineModule } from './define';

const accepts = (): undefined => undefined;

export const mod_proxy_express = defineModule({
  name: 'mod_proxy_express',
  directives: {
    ProxyExpressEnable: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'Enable the ProxyExpress functionality',
      summary: 'Switches on proxying by host name, for the whole server even when set in one folder.',
      apply: accepts,
    },
    ProxyExpressDBMFile: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'Location of ProxyExpressDBMFile file',
      summary: 'The database that maps host names to the addresses of their servers.',
      apply: accepts,
    },
    ProxyExpressDBMType: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'Type of ProxyExpressDBMFile file',
      summary: 'The kind of database that ProxyExpressDBMFile is.',
      values: ['default', 'GDBM', 'SDBM', 'DB', 'NDBM'],
      apply: accepts,
    },
  },
});
