import { lowerCase } from '../../../text/bytes';
import { isAtLeast } from '../../host';
import type { HookResult } from '../../request/hooks';
import type { RequestRecord } from '../../request/record';
import type { Change, TraceEvent } from '../../request/trace';
import { core } from '../core';
import { OPTION } from '../core/config';
import type { RewriteConfig } from './config';
import { log, logEvent, type RewriteContext } from './context';
import { applyRules } from './list';
import { absoluteLength, escapeAbsolute, replacePrefix } from './uri';
import { escapeUri } from '../../request/uri';

/** Applies the rules of the folder to a request that has a file already (hook_fixup). */
export function rewriteFixup(r: RequestRecord, config: RewriteConfig | undefined): HookResult {
  if (config === undefined || !config.engine || config.directory === null) return 'declined';
  const perdir = config.directory;
  if (!config.options.allowNoSlash && r.filename !== null && `${r.filename}/` === perdir) return 'declined';
  const context = newContext(r, perdir, config.baseUrl);
  if (r.rewritingEnded) {
    tell(context, 8, 'Declining, no further rewriting due to END flag', {
      result: 'skipped',
      reason: 'an earlier rule had [END]',
    });
    return 'declined';
  }
  const options = r.perDirConfig.get(core)?.options ?? 0;
  if ((options & (OPTION.followSymLinks | OPTION.symLinksIfOwnerMatch)) === 0) {
    const message = `AH00670: Options FollowSymLinks and SymLinksIfOwnerMatch are both off, so the RewriteRule directive is also forbidden due to its similar ability to circumvent directory restrictions : ${r.filename ?? ''}`;
    r.logError(message, r.perDirConfig.lastUse('Options')?.origin, 'refused');
    return 403;
  }
  return rewrite(context, config);
}

/** What becomes of all rules of a folder together; the last one that substituted is its place. */
function tell(
  context: RewriteContext,
  level: number,
  text: string,
  event: Omit<TraceEvent, 'directive'>,
): void {
  logEvent(context, level, { text, event, origin: context.rule?.origin ?? {} });
}

function newContext(r: RequestRecord, perdir: string, baseUrl: string | undefined): RewriteContext {
  return {
    r,
    perdir,
    baseUrl,
    uri: '',
    ruleCaptures: undefined,
    conditionCaptures: undefined,
    vary: [],
    varyNow: [],
    rule: undefined,
  };
}

function rewrite(context: RewriteContext, config: RewriteConfig): HookResult {
  const { r } = context;
  const before = { filename: r.filename, args: r.args };
  r.filename ??= r.uri;
  const { action, lastSubstitution } = applyRules(config.rules, context);
  context.rule = lastSubstitution;
  if (action === 'none') {
    log(context, 1, () => `pass through ${r.filename ?? ''}`);
    r.filename = before.filename;
    return 'declined';
  }
  const isAbsolute = absoluteLength(r.filename) > 0;
  if (
    r.args !== null &&
    !(isAbsolute && action !== 'no-escape') &&
    hasControlOrBlank(r.args) &&
    isAtLeast(r.host, 56)
  ) {
    r.logError('AH10411: Rewritten query string contains control characters or spaces');
    return 403;
  }
  if (action === 'status') {
    const { status } = r;
    r.status = 200;
    return status;
  }
  if (r.filename.length > 6 && r.filename.startsWith('proxy:'))
    return toProxy(context, action === 'no-escape');
  if (isAbsolute)
    return redirectClient(context, config, { keep: action === 'no-escape', oldArgs: before.args });
  return redirectInternally(context, config, before.filename);
}

const hasControlOrBlank = (text: string): boolean => /[\0-\x20\x7f]/.test(text);

function toProxy(context: RewriteContext, isVerbatim: boolean): HookResult {
  const { r } = context;
  if (!r.host.modules.includes('mod_proxy')) {
    r.logError(
      `AH10160: attempt to make remote request from mod_rewrite without proxy enabled: ${r.filename ?? ''}`,
    );
    return 403;
  }
  r.isProxied = true;
  r.handler = 'proxy-server';
  if (isVerbatim && r.args !== null) r.filename = `${r.filename}?${r.args}`;
  log(context, 1, () => `go-ahead with proxy request ${r.filename ?? ''} [OK]`);
  if (!isVerbatim) r.filename = `${escapeForProxy(r.filename ?? '')}${r.args === null ? '' : `?${r.args}`}`;
  return 'ok';
}

/** The path of a proxied URL as mod_proxy sends it on (ap_proxy_canonenc). */
function escapeForProxy(filename: string): string {
  return filename.replace(/^(proxy:[a-z]+:\/\/[^/]*)(.*)$/is, (_all, server: string, path: string) => {
    const escaped = path.replaceAll(
      /[^A-Za-z0-9~$\-_.+!*'(),;:@&=/]/gs,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
    return lowerCase(server) + escaped;
  });
}

/** A redirect to the client: RewriteBase in place of the folder, escaping, the query. */
function redirectClient(
  context: RewriteContext,
  config: RewriteConfig,
  { keep, oldArgs }: { keep: boolean; oldArgs: string | null },
): HookResult {
  const { r, perdir } = context;
  let target = r.filename ?? '';
  if (config.baseUrl !== undefined) target = withBaseUrl(context, target, config.baseUrl);
  if (!keep) {
    const unescaped = target;
    log(context, 1, () => `escaping ${unescaped} for redirect`);
    target = escapeAbsolute(target);
  }
  if (r.args !== null) {
    const isCopied = keep || r.args === oldArgs;
    const query = isCopied ? r.args : escapeUri(r.args);
    log(
      context,
      1,
      () =>
        `${isCopied ? 'copying' : 'escaping'} ${r.args ?? ''} to query string for redirect ${isCopied ? '' : query}`,
    );
    target += `?${query}`;
  }
  const status = r.status >= 300 && r.status < 400 ? r.status : 302;
  if (r.status >= 300 && r.status < 400) r.status = 200;
  r.filename = target;
  r.headersOut.set('Location', target);
  tell(context, 1, `redirect to ${target} [REDIRECT/${status}]`, {
    result: 'applied',
    changes: [
      { what: 'status', after: String(status) },
      { what: 'location', after: target },
    ],
  });
  return perdir === '' ? 'declined' : status;
}

/** Behind the host, the folder is replaced by RewriteBase. */
function withBaseUrl(context: RewriteContext, target: string, baseUrl: string): string {
  const slash = target.indexOf('/', absoluteLength(target));
  if (slash < 0 || slash === target.length - 1) return target;
  log(context, 2, () => `trying to replace prefix ${context.perdir} with ${baseUrl}`);
  const bare = context.perdir.startsWith('/') ? context.perdir.slice(1) : context.perdir;
  return target.slice(0, slash + 1) + replacePrefix(context, target.slice(slash + 1), bare, baseUrl.slice(1));
}

/** A new request for what the rules came to, unless they came to where they began. */
function redirectInternally(
  context: RewriteContext,
  config: RewriteConfig,
  before: string | null,
): HookResult {
  const { r } = context;
  let target = r.filename ?? '';
  if (target.startsWith('passthrough:') && target.length > 12) target = target.slice(12);
  r.filename = target;
  if (!target.startsWith('/')) return 400;
  if (target === before) {
    tell(context, 1, `initial URL equal rewritten URL: ${target} [IGNORING REWRITE]`, {
      result: 'skipped',
      reason: 'the rules came back to the file where they began',
    });
    return 'ok';
  }
  const url = toUrlPath(context, config, target);
  r.notes.set('redirect-keeps-vary', '');
  tell(context, 1, `internal redirect with ${url} [INTERNAL REDIRECT]`, {
    result: 'applied',
    changes: [{ what: 'uri', before: r.uri, after: url }],
  });
  r.filename = `redirect:${url}`;
  r.handler = 'redirect-handler';
  return 'ok';
}

function toUrlPath(context: RewriteContext, config: RewriteConfig, target: string): string {
  const { documentRoot } = context.r.evaluation;
  let url = target;
  if (config.baseUrl !== undefined) {
    const { baseUrl } = config;
    log(context, 2, () => `trying to replace prefix ${context.perdir} with ${baseUrl}`);
    url = replacePrefix(context, target, context.perdir, baseUrl);
  } else if (target.startsWith(`${documentRoot}/`)) {
    url = target.slice(documentRoot.length);
    log(context, 2, () => `strip document_root prefix: ${target} -> ${url}`);
  }
  if (url !== target || config.options.ignoreContextInfo) return url;
  log(context, 2, () => `trying to replace context docroot ${documentRoot} with context prefix `);
  return replacePrefix(context, url, documentRoot, '');
}

/** [T=] and [H=] of the rules, after all other fixups (hook_mimetype). */
export function forceTypeFixup(r: RequestRecord): HookResult {
  const type = r.notes.get('rewrite-forced-mimetype');
  if (type !== undefined && type !== '') {
    const text = `force filename ${r.filename ?? ''} to have MIME-type '${type}'`;
    traceForced(r, text, { what: 'content type', before: r.contentType, after: type });
    r.contentType = type;
    r.handedOnType = null;
  }
  const handler = r.notes.get('rewrite-forced-handler');
  if (handler !== undefined && handler !== '') {
    const text = `force filename ${r.filename ?? ''} to have the Content-handler '${handler}'`;
    traceForced(r, text, { what: 'handler', before: r.handler, after: handler });
    r.handler = handler;
  }
  return 'ok';
}

function traceForced(r: RequestRecord, text: string, change: Change): void {
  r.addTrace({ module: 'mod_rewrite', level: 1, text, event: { result: 'applied', changes: [change] } });
}
