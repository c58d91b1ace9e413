import { defineModule } from './define';

export const mod_proxy_html = defineModule({
  name: 'mod_proxy_html',
  directives: {
    ProxyHTMLEvents: {
      args: 'ITERATE',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Strings to be treated as scripting events',
    },
    ProxyHTMLLinks: {
      args: 'ITERATE2',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Declare HTML Attributes',
    },
    ProxyHTMLURLMap: { args: 'RAW_ARGS', where: ['RSRC_CONF', 'ACCESS_CONF'], help: 'Map URL From To' },
    ProxyHTMLDoctype: { args: 'TAKE12', where: ['RSRC_CONF', 'ACCESS_CONF'], help: '(HTML|XHTML) [Legacy]' },
    ProxyHTMLFixups: {
      args: 'ITERATE',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Options are lowercase, dospath',
    },
    ProxyHTMLMeta: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Fix META http-equiv elements',
    },
    ProxyHTMLInterp: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Support interpolation and conditions in URLMaps',
    },
    ProxyHTMLExtended: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Map URLs in Javascript and CSS',
    },
    ProxyHTMLStripComments: { args: 'FLAG', where: ['RSRC_CONF', 'ACCESS_CONF'], help: 'Strip out comments' },
    ProxyHTMLBufSize: { args: 'TAKE1', where: ['RSRC_CONF', 'ACCESS_CONF'], help: 'Buffer size' },
    ProxyHTMLCharsetOut: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Usage: ProxyHTMLCharsetOut charset',
    },
    ProxyHTMLEnable: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Enable proxy-html and xml2enc filters',
    },
  },
});
