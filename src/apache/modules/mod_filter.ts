import { defineModule } from './define';

export const mod_filter = defineModule({
  name: 'mod_filter',
  directives: {
    FilterDeclare: { args: 'TAKE12', where: ['Options'], help: 'filter-name [filter-type]' },
    FilterProvider: { args: 'TAKE3', where: ['Options'], help: 'filter-name provider-name match-expression' },
    FilterChain: { args: 'ITERATE', where: ['Options'], help: 'list of filter names with optional [+-=!@]' },
    FilterTrace: { args: 'TAKE2', where: ['RSRC_CONF', 'ACCESS_CONF'], help: 'filter-name debug-level' },
    AddOutputFilterByType: {
      args: 'TAKE_ARGV',
      where: ['FileInfo'],
      help: 'output filter name followed by one or more content-types',
    },
    FilterProtocol: { args: 'TAKE23', where: ['Options'], help: 'filter-name [provider-name] protocol-args' },
  },
});
