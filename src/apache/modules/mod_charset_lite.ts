import { defineModule } from './define';

export const mod_charset_lite = defineModule({
  name: 'mod_charset_lite',
  directives: {
    CharsetSourceEnc: { args: 'TAKE1', where: ['FileInfo'], help: 'source (html,cgi,ssi) file charset' },
    CharsetDefault: { args: 'TAKE1', where: ['FileInfo'], help: 'name of default charset' },
    CharsetOptions: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'valid options: ImplicitAdd, NoImplicitAdd, TranslateAllMimeTypes, NoTranslateAllMimeTypes',
    },
  },
});
