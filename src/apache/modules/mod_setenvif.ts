import { defineModule } from './define';

export const mod_setenvif = defineModule({
  name: 'mod_setenvif',
  directives: {
    SetEnvIf: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'A header-name, regex and a list of variables.',
    },
    SetEnvIfNoCase: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'a header-name, regex and a list of variables.',
    },
    SetEnvIfExpr: { args: 'RAW_ARGS', where: ['FileInfo'], help: 'an expression and a list of variables.' },
    BrowserMatch: { args: 'RAW_ARGS', where: ['FileInfo'], help: 'A browser regex and a list of variables.' },
    BrowserMatchNoCase: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'A browser regex and a list of variables.',
    },
  },
});
