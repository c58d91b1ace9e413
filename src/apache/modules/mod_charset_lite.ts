import { defineModule } from './define';

const OPTIONS = ['ImplicitAdd', 'NoImplicitAdd', 'TranslateAllMimeTypes', 'NoTranslateAllMimeTypes'];

export const mod_charset_lite = defineModule({
  name: 'mod_charset_lite',
  directives: {
    CharsetSourceEnc: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'source (html,cgi,ssi) file charset',
      summary: 'The character set in which the files are written.',
      apply: () => undefined,
    },
    CharsetDefault: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'name of default charset',
      summary: 'The character set into which files are translated.',
      apply: () => undefined,
    },
    CharsetOptions: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'valid options: ImplicitAdd, NoImplicitAdd, TranslateAllMimeTypes, NoTranslateAllMimeTypes',
      summary: 'How files are translated from one character set to another.',
      values: ['ImplicitAdd', 'NoImplicitAdd', 'TranslateAllMimeTypes', 'NoTranslateAllMimeTypes'],
      apply(_cmd, _config, option) {
        const isKnown = OPTIONS.some((known) => known.toLowerCase() === option.toLowerCase());
        return isKnown ? undefined : `Invalid CharsetOptions option: ${option}`;
      },
    },
  },
});
