/** The output filters that a server knows, in lower case, by the module that registers them. */
const FILTERS: readonly (readonly [module: string, ...names: string[]])[] = [
  ['core', 'content_length', 'core', 'subreq_core', 'old_write'],
  ['http_core', 'http_header', 'chunk', 'http_outerror', 'byterange'],
  ['mod_brotli', 'brotli_compress'],
  ['mod_bucketeer', 'bucketeer'],
  ['mod_buffer', 'buffer'],
  [
    'mod_cache',
    'cache',
    'cache_save',
    'cache_save_subreq',
    'cache_out',
    'cache_out_subreq',
    'cache_remove_url',
    'cache_invalidate',
  ],
  ['mod_case_filter', 'casefilter'],
  ['mod_charset_lite', 'xlateout'],
  ['mod_data', 'data'],
  ['mod_deflate', 'deflate', 'inflate'],
  ['mod_dumpio', 'dumpio_out'],
  ['mod_expires', 'mod_expires'],
  ['mod_fcgid', 'fcgid_out'],
  ['mod_headers', 'fixup_headers_out', 'fixup_headers_err'],
  [
    'mod_http2',
    'h2_c2_net_out',
    'h2_c2_net_catch_h1',
    'h2_c2_response_out',
    'h2_c2_trailers_out',
    'h2_c2_ws_out',
  ],
  ['mod_include', 'includes'],
  ['mod_logio', 'logio_ttfb_out'],
  ['mod_proxy_ftp', 'proxy_send_dir'],
  ['mod_proxy_html', 'proxy-html'],
  ['mod_ratelimit', 'rate_limit'],
  ['mod_reqtimeout', 'reqtimeout'],
  ['mod_sed', 'sed'],
  ['mod_session', 'mod_session_out'],
  ['mod_ssl', 'ssl/tls filter', 'ssl/tls coalescing filter'],
  ['mod_substitute', 'substitute'],
  ['mod_xml2enc', 'xml2enc'],
];

const OWNERS: ReadonlyMap<string, string> = new Map(
  FILTERS.flatMap(([module, ...names]) => names.map((name) => [name, module] as const)),
);

/** True when one of the loaded modules registers an output filter of this name (ap_get_output_filter_handle). */
export function isOutputFilter(name: string, modules: readonly string[]): boolean {
  const owner = OWNERS.get(name.toLowerCase());
  return owner !== undefined && modules.includes(owner);
}
