import type { ApacheModule } from './define';
import { core } from './core';
import { http_core } from './http_core';
import { mod_access_compat } from './mod_access_compat';
import { mod_actions } from './mod_actions';
import { mod_alias } from './mod_alias';
import { mod_allowmethods } from './mod_allowmethods';
import { mod_asis } from './mod_asis';
import { mod_auth_basic } from './mod_auth_basic';
import { mod_auth_digest } from './mod_auth_digest';
import { mod_auth_form } from './mod_auth_form';
import { mod_authn_anon } from './mod_authn_anon';
import { mod_authn_core } from './mod_authn_core';
import { mod_authn_dbd } from './mod_authn_dbd';
import { mod_authn_dbm } from './mod_authn_dbm';
import { mod_authn_file } from './mod_authn_file';
import { mod_authn_socache } from './mod_authn_socache';
import { mod_authnz_fcgi } from './mod_authnz_fcgi';
import { mod_authnz_ldap } from './mod_authnz_ldap';
import { mod_authz_core } from './mod_authz_core';
import { mod_authz_dbd } from './mod_authz_dbd';
import { mod_authz_dbm } from './mod_authz_dbm';
import { mod_authz_groupfile } from './mod_authz_groupfile';
import { mod_authz_host } from './mod_authz_host';
import { mod_authz_owner } from './mod_authz_owner';
import { mod_authz_user } from './mod_authz_user';
import { mod_autoindex } from './mod_autoindex';
import { mod_brotli } from './mod_brotli';
import { mod_bucketeer } from './mod_bucketeer';
import { mod_buffer } from './mod_buffer';
import { mod_cache } from './mod_cache';
import { mod_cache_disk } from './mod_cache_disk';
import { mod_cache_socache } from './mod_cache_socache';
import { mod_case_filter } from './mod_case_filter';
import { mod_case_filter_in } from './mod_case_filter_in';
import { mod_cern_meta } from './mod_cern_meta';
import { mod_cgi } from './mod_cgi';
import { mod_cgid } from './mod_cgid';
import { mod_charset_lite } from './mod_charset_lite';
import { mod_data } from './mod_data';
import { mod_dav } from './mod_dav';
import { mod_dav_fs } from './mod_dav_fs';
import { mod_dav_lock } from './mod_dav_lock';
import { mod_dbd } from './mod_dbd';
import { mod_deflate } from './mod_deflate';
import { mod_dialup } from './mod_dialup';
import { mod_dir } from './mod_dir';
import { mod_dumpio } from './mod_dumpio';
import { mod_echo } from './mod_echo';
import { mod_env } from './mod_env';
import { mod_expires } from './mod_expires';
import { mod_ext_filter } from './mod_ext_filter';
import { mod_fcgid } from './mod_fcgid';
import { mod_file_cache } from './mod_file_cache';
import { mod_filter } from './mod_filter';
import { mod_headers } from './mod_headers';
import { mod_heartbeat } from './mod_heartbeat';
import { mod_heartmonitor } from './mod_heartmonitor';
import { mod_http2 } from './mod_http2';
import { mod_ident } from './mod_ident';
import { mod_imagemap } from './mod_imagemap';
import { mod_include } from './mod_include';
import { mod_info } from './mod_info';
import { mod_lbmethod_bybusyness } from './mod_lbmethod_bybusyness';
import { mod_lbmethod_byrequests } from './mod_lbmethod_byrequests';
import { mod_lbmethod_bytraffic } from './mod_lbmethod_bytraffic';
import { mod_lbmethod_heartbeat } from './mod_lbmethod_heartbeat';
import { mod_log_config } from './mod_log_config';
import { mod_log_debug } from './mod_log_debug';
import { mod_log_forensic } from './mod_log_forensic';
import { mod_logio } from './mod_logio';
import { mod_lua } from './mod_lua';
import { mod_macro } from './mod_macro';
import { mod_md } from './mod_md';
import { mod_mime } from './mod_mime';
import { mod_mime_magic } from './mod_mime_magic';
import { mod_negotiation } from './mod_negotiation';
import { mod_proxy } from './mod_proxy';
import { mod_proxy_ajp } from './mod_proxy_ajp';
import { mod_proxy_balancer } from './mod_proxy_balancer';
import { mod_proxy_connect } from './mod_proxy_connect';
import { mod_proxy_express } from './mod_proxy_express';
import { mod_proxy_fcgi } from './mod_proxy_fcgi';
import { mod_proxy_fdpass } from './mod_proxy_fdpass';
import { mod_proxy_ftp } from './mod_proxy_ftp';
import { mod_proxy_hcheck } from './mod_proxy_hcheck';
import { mod_proxy_html } from './mod_proxy_html';
import { mod_proxy_http } from './mod_proxy_http';
import { mod_proxy_http2 } from './mod_proxy_http2';
import { mod_proxy_scgi } from './mod_proxy_scgi';
import { mod_proxy_uwsgi } from './mod_proxy_uwsgi';
import { mod_proxy_wstunnel } from './mod_proxy_wstunnel';
import { mod_ratelimit } from './mod_ratelimit';
import { mod_reflector } from './mod_reflector';
import { mod_remoteip } from './mod_remoteip';
import { mod_reqtimeout } from './mod_reqtimeout';
import { mod_request } from './mod_request';
import { mod_rewrite } from './mod_rewrite';
import { mod_sed } from './mod_sed';
import { mod_session } from './mod_session';
import { mod_session_cookie } from './mod_session_cookie';
import { mod_session_crypto } from './mod_session_crypto';
import { mod_session_dbd } from './mod_session_dbd';
import { mod_setenvif } from './mod_setenvif';
import { mod_slotmem_plain } from './mod_slotmem_plain';
import { mod_slotmem_shm } from './mod_slotmem_shm';
import { mod_so } from './mod_so';
import { mod_socache_dbm } from './mod_socache_dbm';
import { mod_socache_memcache } from './mod_socache_memcache';
import { mod_socache_redis } from './mod_socache_redis';
import { mod_socache_shmcb } from './mod_socache_shmcb';
import { mod_speling } from './mod_speling';
import { mod_ssl } from './mod_ssl';
import { mod_status } from './mod_status';
import { mod_substitute } from './mod_substitute';
import { mod_suexec } from './mod_suexec';
import { mod_unique_id } from './mod_unique_id';
import { mod_unixd } from './mod_unixd';
import { mod_userdir } from './mod_userdir';
import { mod_usertrack } from './mod_usertrack';
import { mod_version } from './mod_version';
import { mod_vhost_alias } from './mod_vhost_alias';
import { mod_watchdog } from './mod_watchdog';
import { mod_xml2enc } from './mod_xml2enc';
import { prefork } from './prefork';
import { util_ldap } from './util_ldap';

/** Every module that we know, those of stock Apache 2.4 and mod_fcgid. */
export const ALL_MODULES: readonly ApacheModule[] = [
  core,
  http_core,
  mod_access_compat,
  mod_actions,
  mod_alias,
  mod_allowmethods,
  mod_asis,
  mod_auth_basic,
  mod_auth_digest,
  mod_auth_form,
  mod_authn_anon,
  mod_authn_core,
  mod_authn_dbd,
  mod_authn_dbm,
  mod_authn_file,
  mod_authn_socache,
  mod_authnz_fcgi,
  mod_authnz_ldap,
  mod_authz_core,
  mod_authz_dbd,
  mod_authz_dbm,
  mod_authz_groupfile,
  mod_authz_host,
  mod_authz_owner,
  mod_authz_user,
  mod_autoindex,
  mod_brotli,
  mod_bucketeer,
  mod_buffer,
  mod_cache,
  mod_cache_disk,
  mod_cache_socache,
  mod_case_filter,
  mod_case_filter_in,
  mod_cern_meta,
  mod_cgi,
  mod_cgid,
  mod_charset_lite,
  mod_data,
  mod_dav,
  mod_dav_fs,
  mod_dav_lock,
  mod_dbd,
  mod_deflate,
  mod_dialup,
  mod_dir,
  mod_dumpio,
  mod_echo,
  mod_env,
  mod_expires,
  mod_ext_filter,
  mod_fcgid,
  mod_file_cache,
  mod_filter,
  mod_headers,
  mod_heartbeat,
  mod_heartmonitor,
  mod_http2,
  mod_ident,
  mod_imagemap,
  mod_include,
  mod_info,
  mod_lbmethod_bybusyness,
  mod_lbmethod_byrequests,
  mod_lbmethod_bytraffic,
  mod_lbmethod_heartbeat,
  mod_log_config,
  mod_log_debug,
  mod_log_forensic,
  mod_logio,
  mod_lua,
  mod_macro,
  mod_md,
  mod_mime,
  mod_mime_magic,
  mod_negotiation,
  mod_proxy,
  mod_proxy_ajp,
  mod_proxy_balancer,
  mod_proxy_connect,
  mod_proxy_express,
  mod_proxy_fcgi,
  mod_proxy_fdpass,
  mod_proxy_ftp,
  mod_proxy_hcheck,
  mod_proxy_html,
  mod_proxy_http,
  mod_proxy_http2,
  mod_proxy_scgi,
  mod_proxy_uwsgi,
  mod_proxy_wstunnel,
  mod_ratelimit,
  mod_reflector,
  mod_remoteip,
  mod_reqtimeout,
  mod_request,
  mod_rewrite,
  mod_sed,
  mod_session,
  mod_session_cookie,
  mod_session_crypto,
  mod_session_dbd,
  mod_setenvif,
  mod_slotmem_plain,
  mod_slotmem_shm,
  mod_so,
  mod_socache_dbm,
  mod_socache_memcache,
  mod_socache_redis,
  mod_socache_shmcb,
  mod_speling,
  mod_ssl,
  mod_status,
  mod_substitute,
  mod_suexec,
  mod_unique_id,
  mod_unixd,
  mod_userdir,
  mod_usertrack,
  mod_version,
  mod_vhost_alias,
  mod_watchdog,
  mod_xml2enc,
  prefork,
  util_ldap,
];
