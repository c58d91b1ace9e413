import { defineModule } from './define';

export const mod_xml2enc = defineModule({
  name: 'mod_xml2enc',
  directives: {
    xml2EncDefault: { args: 'TAKE1', where: ['All'], help: 'Usage: xml2EncDefault charset' },
    xml2EncAlias: {
      args: 'ITERATE2',
      where: ['RSRC_CONF'],
      help: 'EncodingAlias charset alias [more aliases]',
    },
    xml2StartParse: {
      args: 'ITERATE',
      where: ['All'],
      help: 'Ignore anything in front of the first of these elements',
    },
  },
});
