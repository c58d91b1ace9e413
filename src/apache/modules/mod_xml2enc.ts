import { defineModule, type Command, type Refusal } from './define';

/** The encodings that libxml2 knows by itself (xmlParseCharEncoding). */
const KNOWN =
  /^(?:utf-?(?:8|16)|(?:iso-10646-)?ucs-?[24]|iso-8859-[1-9]|iso-latin-[12]|iso latin [12]|iso-2022-jp|shift_jis|euc-jp)$/i;

function defaultCharset(_cmd: Command, _config: unknown, name: string): Refusal {
  return KNOWN.test(name) ? undefined : 'Invalid or unsupported default charset';
}

export const mod_xml2enc = defineModule({
  name: 'mod_xml2enc',
  directives: {
    xml2EncDefault: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Usage: xml2EncDefault charset',
      summary: 'The character set of pages that do not name one, for filters that read XML and HTML.',
      values: ['utf-8', 'iso-8859-1', 'iso-8859-2'],
      apply: defaultCharset,
    },
    xml2EncAlias: {
      args: 'ITERATE2',
      where: ['RSRC_CONF'],
      help: 'EncodingAlias charset alias [more aliases]',
      summary: 'Another name for a character set. Only the host can set it.',
    },
    xml2StartParse: {
      args: 'ITERATE',
      where: ['All'],
      help: 'Ignore anything in front of the first of these elements',
      summary: 'The elements with which a page may begin; what stands before them is left out.',
      apply: () => undefined,
    },
  },
});
