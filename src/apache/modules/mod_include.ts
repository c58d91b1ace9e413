import type { HookResult } from '../request/hooks';
import type { RequestRecord } from '../request/record';
import { core } from './core';
import { createCoreConfig, OPTION } from './core/config';
import { defineModule, type ApacheModule, type Refusal } from './define';

const XBITHACK = ['off', 'on', 'full'] as const;

/** What mod_include keeps for a folder; undefined where nothing is said. */
interface IncludeConfig {
  xBitHack?: (typeof XBITHACK)[number];
  etag?: boolean;
  lastModified?: boolean;
}

const OWNER_MAY_RUN = 0o100;
const GROUP_MAY_RUN = 0o010;

function setXBitHack(config: IncludeConfig, value: string): Refusal {
  const setting = XBITHACK.find((one) => one === value.toLowerCase());
  if (setting === undefined) return 'XBitHack must be set to Off, On, or Full';
  config.xBitHack = setting;
  return undefined;
}

const mayRun = (r: RequestRecord, bit: number): boolean => ((r.finfo?.mode ?? 0) & bit) !== 0;

/** Sends what asks for it through the filter (include_fixup). */
function addIncludes(r: RequestRecord): HookResult {
  if (r.handler === 'server-parsed') {
    r.contentType ??= 'text/html';
    r.handler = 'default-handler';
  } else {
    const { xBitHack = 'off' } = r.perDirConfig.get(mod_include) ?? {};
    if (xBitHack === 'off' || !mayRun(r, OWNER_MAY_RUN)) return 'declined';
    if (r.contentType?.startsWith('text/html') !== true) return 'declined';
  }
  r.outputFilters = [...r.outputFilters, 'INCLUDES'];
  return 'declined';
}

/** Whether the date of a file is also that of the page made of it, so that browsers may keep it. */
const keepsDate = (r: RequestRecord): boolean =>
  r.perDirConfig.get(mod_include)?.xBitHack === 'full' && mayRun(r, GROUP_MAY_RUN);

/** What the filter does before anything is sent (includes_setup): the page is new each time. */
export function prepareIncludes(r: RequestRecord): void {
  if (!keepsDate(r)) r.isSentAlways = true;
  if (r.perDirConfig.get(mod_include)?.etag !== true) r.notes.set('no-etag', '');
}

/** What the filter does to the headers (includes_filter). */
export function parseIncludes(r: RequestRecord): void {
  const config = r.perDirConfig.get(core) ?? createCoreConfig();
  if ((config.options & OPTION.includes) === 0) return;
  r.cgiRules = config;
  const isKept = r.perDirConfig.get(mod_include)?.lastModified === true || keepsDate(r);
  if (!isKept) r.headersOut.unset('Last-Modified');
  const file = r.site.read(r.filename ?? '');
  r.isInPieces = typeof file === 'object' && file.content.includes(ELEMENT);
}

/** How an element begins where the server says nothing else. */
const ELEMENT = '<!--#';

export const mod_include: ApacheModule<IncludeConfig> = defineModule<IncludeConfig>({
  name: 'mod_include',
  createDirConfig: () => ({}),
  mergeDirConfig: (base, add) => ({ ...base, ...add }),
  hooks: { lastFixups: addIncludes },
  directives: {
    XBitHack: {
      args: 'TAKE1',
      where: ['Options'],
      help: 'Off, On, or Full',
      summary:
        'Looks for server-side includes in HTML files that are executable; `Full` also sends their date when the group may execute them.',
      values: ['On', 'Off', 'Full'],
      apply: (_cmd, config, value) => setXBitHack(config, value),
    },
    SSIErrorMsg: {
      args: 'TAKE1',
      where: ['All'],
      help: 'a string',
      summary: 'What a page shows in place of a server-side include that failed.',
      apply: () => undefined,
    },
    SSITimeFormat: {
      args: 'TAKE1',
      where: ['All'],
      help: 'a strftime(3) formatted string',
      summary: 'How server-side includes write dates, in the format of strftime.',
      apply: () => undefined,
    },
    SSIStartTag: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SSI Start String Tag',
      summary: 'The text that begins a server-side include. Only the host can set it.',
    },
    SSIEndTag: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'SSI End String Tag',
      summary: 'The text that ends a server-side include. Only the host can set it.',
    },
    SSIUndefinedEcho: {
      args: 'TAKE1',
      where: ['All'],
      help: 'String to be displayed if an echoed variable is undefined',
      summary: 'What server-side includes print for a variable that is not set.',
      apply: () => undefined,
    },
    SSILegacyExprParser: {
      args: 'FLAG',
      where: ['Limit'],
      help: "Whether to use the legacy expression parser compatible with <= 2.2.x. Limited to 'on' or 'off'",
      summary: 'Reads conditions of server-side includes as Apache 2.2 did.',
      apply: () => undefined,
    },
    SSILastModified: {
      args: 'FLAG',
      where: ['Limit'],
      help: "Whether to set the last modified header or respect an existing header. Limited to 'on' or 'off'",
      summary:
        'Sends the date of the file with pages of server-side includes, so that browsers may keep them.',
      apply(_cmd, config, isOn) {
        config.lastModified = isOn;
        return undefined;
      },
    },
    SSIEtag: {
      args: 'FLAG',
      where: ['Limit'],
      help: "Whether to allow the generation of ETags within the server. Existing ETags will be preserved. Limited to 'on' or 'off'",
      summary: 'Sends an ETag with pages of server-side includes.',
      apply(_cmd, config, isOn) {
        config.etag = isOn;
        return undefined;
      },
    },
  },
});
