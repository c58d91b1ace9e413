/** What the configuration says of one extension. An empty `type` hides the server's own. */
export interface ExtensionInfo {
  type?: string;
  encoding?: string;
  language?: string;
  handler?: string;
  charset?: string;
  inputFilters?: string;
  outputFilters?: string;
}

/** What an extension may say of a file. */
export type Attribute = keyof ExtensionInfo;

/** Which extensions that say nothing of a file MultiViews may still take. */
export type MultiviewsWord = 'any' | 'negotiatedonly' | 'filters' | 'handlers';

/** mod_mime's per-directory configuration. */
export interface MimeConfig {
  extensions: Map<string, ExtensionInfo>;
  removed: { readonly extension: string; readonly attribute: Attribute }[];
  defaultLanguage: string | undefined;
  /** Words of MultiviewsMatch in force. */
  multiviews: Set<MultiviewsWord>;
}

/** Nothing set. */
export function createMimeConfig(): MimeConfig {
  return { extensions: new Map(), removed: [], defaultLanguage: undefined, multiviews: new Set() };
}

/** The deeper folder's extensions over the outer ones, then without what it removes (merge_mime_dir_configs). */
export function mergeMimeConfig(base: MimeConfig, added: MimeConfig): MimeConfig {
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
