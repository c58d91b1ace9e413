import type { HookResult } from '../../request/hooks';
import type { RequestRecord } from '../../request/record';
import { defineModule, type ApacheModule } from '../define';
import { createHeadersConfig, mergeHeadersConfig, type HeadersConfig } from './config';
import { fixHeaders } from './fixup';
import { addHeader, HEADER_ACTIONS } from './parse';

export const mod_headers: ApacheModule<HeadersConfig> = defineModule<HeadersConfig>({
  name: 'mod_headers',
  createDirConfig: createHeadersConfig,
  mergeDirConfig: mergeHeadersConfig,
  directives: {
    Header: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'an optional condition, an action, header and value followed by optional env clause',
      summary:
        'Changes a header of the response. Without `always` it leaves errors and redirects alone, and headers that a script sent in an error.',
      values: ['always', 'onsuccess', ...HEADER_ACTIONS],
      apply: addHeader,
    },
    RequestHeader: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'an action, header and value followed by optional env clause',
      summary: 'Changes a header of the request before a script or another server gets it.',
      values: HEADER_ACTIONS.filter((action) => action !== 'echo'),
      apply: addHeader,
    },
  },
  hooks: {
    lastFixups: fixRequest,
    insertFilter: (r) => fixResponse(r, true),
    insertErrorFilter: (r) => fixResponse(r, false),
  },
});

function fixRequest(r: RequestRecord): HookResult {
  const { request = [] } = r.perDirConfig.get(mod_headers) ?? {};
  if (request.length > 0) r.hasOtherHeaders = true;
  fixHeaders(r, r.headersIn, request);
  return 'declined';
}

function fixResponse(r: RequestRecord, isSuccess: boolean): HookResult {
  const config = r.perDirConfig.get(mod_headers);
  if (config === undefined) return 'declined';
  fixHeaders(r, r.errHeadersOut, config.always);
  if (isSuccess) fixHeaders(r, r.headersOut, config.onSuccess);
  return 'ok';
}
