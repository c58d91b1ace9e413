import type { HookResult } from '../request/hooks';
import type { RequestRecord } from '../request/record';
import { defineModule, type Command, type Directive, type Refusal } from './define';
import { DIRECTORY_TYPE } from './mod_dir';

/** What the configuration says of one extension. An empty `type` hides the server's own. */
interface ExtensionInfo {
  type?: string;
  encoding?: string;
  language?: string;
  handler?: string;
  charset?: string;
  inputFilters?: string;
  outputFilters?: string;
}

type Attribute = keyof ExtensionInfo;

/** mod_mime's per-directory configuration. */
export interface MimeConfig {
  extensions: Map<string, ExtensionInfo>;
  removed: { readonly extension: string; readonly attribute: Attribute }[];
  defaultLanguage: string | undefined;
  /** Words of MultiviewsMatch in force. */
  multiviews: Set<'any' | 'negotiatedonly' | 'filters' | 'handlers'>;
}

const withoutDot = (extension: string): string => extension.toLowerCase().replace(/^\./, '');

function add(
  attribute: Attribute,
): (cmd: Command, config: MimeConfig, value: string, extension: string) => Refusal {
  return (_cmd, config, value, extension) => {
    const key = withoutDot(extension);
    config.extensions.set(key, { ...config.extensions.get(key), [attribute]: value.toLowerCase() });
    return undefined;
  };
}

function adder(attribute: Attribute, help: string): Directive<MimeConfig> {
  return { args: 'ITERATE2', where: ['FileInfo'], help, apply: add(attribute) };
}

function remover(attribute: Attribute): Directive<MimeConfig> {
  return {
    args: 'ITERATE',
    where: ['FileInfo'],
    help: 'one or more file extensions',
    apply(_cmd, config, extension) {
      config.removed.push({ extension: withoutDot(extension), attribute });
      return undefined;
    },
  };
}

const EXCLUSIVE = {
  any: [
    'Any is incompatible with NegotiatedOnly, Filters and Handlers',
    ['negotiatedonly', 'filters', 'handlers'],
  ],
  negotiatedonly: [
    'NegotiatedOnly is incompatible with Any, Filters and Handlers',
    ['any', 'filters', 'handlers'],
  ],
  filters: ['Filters is incompatible with Any and NegotiatedOnly', ['any', 'negotiatedonly']],
  handlers: ['Handlers is incompatible with Any and NegotiatedOnly', ['any', 'negotiatedonly']],
} as const;

function multiviewsMatch(_cmd: Command, config: MimeConfig, value: string): Refusal {
  const key = value.toLowerCase();
  if (!Object.hasOwn(EXCLUSIVE, key)) return `Unrecognized option '${value}'`;
  const word = key as keyof typeof EXCLUSIVE;
  const [refusal, others] = EXCLUSIVE[word];
  if (others.some((other) => config.multiviews.has(other))) return refusal;
  config.multiviews.add(word);
  return undefined;
}

function mergeMime(base: MimeConfig, added: MimeConfig): MimeConfig {
  const extensions = new Map(base.extensions);
  for (const [key, info] of added.extensions) extensions.set(key, { ...extensions.get(key), ...info });
  for (const { extension, attribute } of added.removed) {
    const { [attribute]: _gone, ...rest } = extensions.get(extension) ?? {};
    if (extensions.has(extension)) extensions.set(extension, rest);
  }
  return {
    extensions,
    removed: [],
    defaultLanguage: added.defaultLanguage ?? base.defaultLanguage,
    multiviews: added.multiviews.size > 0 ? added.multiviews : base.multiviews,
  };
}

export const mod_mime = defineModule<MimeConfig>({
  name: 'mod_mime',
  createDirConfig: () => ({
    extensions: new Map(),
    removed: [],
    defaultLanguage: undefined,
    multiviews: new Set(),
  }),
  mergeDirConfig: mergeMime,
  directives: {
    AddCharset: adder('charset', 'a charset (e.g., iso-2022-jp), followed by one or more file extensions'),
    AddEncoding: adder('encoding', 'an encoding (e.g., gzip), followed by one or more file extensions'),
    AddHandler: adder('handler', 'a handler name followed by one or more file extensions'),
    AddInputFilter: adder(
      'inputFilters',
      'input filter name (or ; delimited names) followed by one or more file extensions',
    ),
    AddLanguage: adder('language', 'a language (e.g., fr), followed by one or more file extensions'),
    AddOutputFilter: adder(
      'outputFilters',
      'output filter name (or ; delimited names) followed by one or more file extensions',
    ),
    AddType: adder('type', 'a mime type followed by one or more file extensions'),
    DefaultLanguage: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'language to use for documents with no other language file extension',
      apply(_cmd, config, value) {
        config.defaultLanguage = value;
        return undefined;
      },
    },
    MultiviewsMatch: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'NegotiatedOnly (default), Handlers and/or Filters, or Any',
      apply: multiviewsMatch,
    },
    RemoveCharset: remover('charset'),
    RemoveEncoding: remover('encoding'),
    RemoveHandler: remover('handler'),
    RemoveInputFilter: remover('inputFilters'),
    RemoveLanguage: remover('language'),
    RemoveOutputFilter: remover('outputFilters'),
    RemoveType: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'one or more file extensions',
      apply: (cmd, config, extension) => add('type')(cmd, config, '', extension),
    },
    TypesConfig: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'the MIME types config file' },
    ModMimeUsePathInfo: {
      args: 'FLAG',
      where: ['ACCESS_CONF'],
      help: "Set to 'yes' to allow mod_mime to use path info for type checking",
    },
  },
  hooks: { typeChecker: findType },
});

/** The extensions of a file name: what stands between its dots behind the base name; leading dots belong to the base. */
function extensionsOf(path: string): string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const leading = /^\.*/.exec(name)?.[0].length ?? 0;
  const first = name.indexOf('.', leading);
  return first < 0
    ? []
    : name
        .slice(first + 1)
        .split('.')
        .filter((extension) => extension !== '');
}

function findType(r: RequestRecord): HookResult {
  if (r.finfo?.kind === 'directory') {
    r.contentType = DIRECTORY_TYPE;
    return 'ok';
  }
  if (r.filename === null) return 'declined';
  const config = r.perDirConfig.get(mod_mime);
  let charset: string | undefined;
  for (const written of extensionsOf(r.filename)) {
    const extension = written.toLowerCase();
    const info = config?.extensions.get(extension);
    const known = Object.hasOwn(r.host.mimeTypes, extension) ? r.host.mimeTypes[extension] : undefined;
    if (info?.type === undefined && known !== undefined) r.contentType = known;
    if (info?.type !== undefined && info.type !== '') r.contentType = info.type;
    charset = info?.charset ?? charset;
    if (info?.handler !== undefined) r.handler = info.handler;
  }
  if (r.contentType === null) return 'declined';
  if (charset !== undefined) r.contentType = `${r.contentType}; charset=${charset}`;
  return 'ok';
}
