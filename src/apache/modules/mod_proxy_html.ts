import { defineModule } from './define';

export const mod_proxy_html = defineModule({
  name: 'mod_proxy_html',
  directives: {
    ProxyHTMLEvents: {
      args: 'ITERATE',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Strings to be treated as scripting events',
      summary: 'Attributes that hold scripts in which URLs are rewritten.',
    },
    ProxyHTMLLinks: {
      args: 'ITERATE2',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Declare HTML Attributes',
      summary: 'Attributes of HTML elements that hold URLs.',
    },
    ProxyHTMLURLMap: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Map URL From To',
      summary: 'Rewrites one address into another in proxied pages.',
    },
    ProxyHTMLDoctype: {
      args: 'TAKE12',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: '(HTML|XHTML) [Legacy]',
      summary: 'The document type that rewritten pages get.',
    },
    ProxyHTMLFixups: {
      args: 'ITERATE',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Options are lowercase, dospath',
      summary: 'Corrections that are made to URLs in pages.',
    },
    ProxyHTMLMeta: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Fix META http-equiv elements',
      summary: 'Whether meta elements of a page become response headers.',
    },
    ProxyHTMLInterp: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Support interpolation and conditions in URLMaps',
      summary: 'Whether rules for URLs may hold variables and conditions.',
    },
    ProxyHTMLExtended: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Map URLs in Javascript and CSS',
      summary: 'Whether URLs in scripts and style sheets are rewritten as well.',
    },
    ProxyHTMLStripComments: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Strip out comments',
      summary: 'Whether comments are taken out of pages.',
    },
    ProxyHTMLBufSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Buffer size',
      summary: 'How many bytes are looked at together when scripts are rewritten.',
    },
    ProxyHTMLCharsetOut: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Usage: ProxyHTMLCharsetOut charset',
      summary: 'The character set of rewritten pages.',
    },
    ProxyHTMLEnable: {
      args: 'FLAG',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Enable proxy-html and xml2enc filters',
      summary: 'Switches the rewriting of URLs in proxied pages on.',
    },
  },
});
