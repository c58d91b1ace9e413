import { lowerCase } from '../../../text/bytes';
import { checkContext } from '../context';
import { defineModule, type ApacheModule, type Command, type Refusal } from '../define';
import {
  createMimeConfig,
  mergeMimeConfig,
  type Attribute,
  type MimeConfig,
  type MultiviewsWord,
} from './config';
import { findType } from './findType';

export type { MimeConfig } from './config';

const withoutDot = (extension: string): string => lowerCase(extension).replace(/^\./, '');

function add(
  attribute: Attribute,
): (cmd: Command, config: MimeConfig, value: string, extension: string) => Refusal {
  return (_cmd, config, value, extension) => {
    const key = withoutDot(extension);
    config.extensions.set(key, { ...config.extensions.get(key), [attribute]: lowerCase(value) });
    return undefined;
  };
}

/** What an extension meant is taken away when the folder's configuration is put over the outer one. */
function remove(attribute: Attribute): (cmd: Command, config: MimeConfig, extension: string) => Refusal {
  return (_cmd, config, extension) => {
    config.removed.push({ extension: withoutDot(extension), attribute });
    return undefined;
  };
}

type Exclusion = readonly [refusal: string, others: readonly MultiviewsWord[]];

const EXCLUSIVE: Readonly<Record<MultiviewsWord, Exclusion>> = {
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
};

function multiviewsMatch(cmd: Command, config: MimeConfig, value: string): Refusal {
  const misplaced = checkContext(cmd, ['limit']);
  if (misplaced !== undefined) return misplaced;
  const key = value.toLowerCase();
  if (!Object.hasOwn(EXCLUSIVE, key)) return `Unrecognized option '${value}'`;
  const word = key as MultiviewsWord;
  const [refusal, others] = EXCLUSIVE[word];
  if (others.some((other) => config.multiviews.has(other))) return refusal;
  config.multiviews.add(word);
  return undefined;
}

export const mod_mime: ApacheModule<MimeConfig> = defineModule<MimeConfig>({
  name: 'mod_mime',
  createDirConfig: createMimeConfig,
  mergeDirConfig: mergeMimeConfig,
  directives: {
    AddCharset: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'a charset (e.g., iso-2022-jp), followed by one or more file extensions',
      summary: 'Gives files with these extensions a character set.',
      apply: add('charset'),
    },
    AddEncoding: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'an encoding (e.g., gzip), followed by one or more file extensions',
      summary: 'Says that files with these extensions are compressed, and how.',
      apply: add('encoding'),
    },
    AddHandler: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'a handler name followed by one or more file extensions',
      summary: 'Lets a handler, as fcgid-script, answer for files with these extensions.',
      apply: add('handler'),
    },
    AddInputFilter: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'input filter name (or ; delimited names) followed by one or more file extensions',
      summary: 'Sends request bodies for files with these extensions through filters.',
      apply: add('inputFilters'),
    },
    AddLanguage: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'a language (e.g., fr), followed by one or more file extensions',
      summary: 'Says in which language files with these extensions are written.',
      apply: add('language'),
    },
    AddOutputFilter: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'output filter name (or ; delimited names) followed by one or more file extensions',
      summary: 'Sends files with these extensions through filters.',
      apply: add('outputFilters'),
    },
    AddType: {
      args: 'ITERATE2',
      where: ['FileInfo'],
      help: 'a mime type followed by one or more file extensions',
      summary: 'Gives files with these extensions a media type.',
      apply: add('type'),
    },
    DefaultLanguage: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'language to use for documents with no other language file extension',
      summary: 'The language of files whose extensions name none.',
      apply(_cmd, config, value) {
        config.defaultLanguage = value;
        return undefined;
      },
    },
    MultiviewsMatch: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'NegotiatedOnly (default), Handlers and/or Filters, or Any',
      summary: 'Which files MultiViews may choose although their extensions say nothing of the content.',
      values: ['NegotiatedOnly', 'Handlers', 'Filters', 'Any'],
      apply: multiviewsMatch,
    },
    RemoveCharset: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'one or more file extensions',
      summary: 'Takes away what AddCharset of an outer folder says of these extensions.',
      apply: remove('charset'),
    },
    RemoveEncoding: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'one or more file extensions',
      summary: 'Takes away what AddEncoding of an outer folder says of these extensions.',
      apply: remove('encoding'),
    },
    RemoveHandler: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'one or more file extensions',
      summary: 'Takes away what AddHandler of an outer folder says of these extensions.',
      apply: remove('handler'),
    },
    RemoveInputFilter: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'one or more file extensions',
      summary: 'Takes away what AddInputFilter of an outer folder says of these extensions.',
      apply: remove('inputFilters'),
    },
    RemoveLanguage: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'one or more file extensions',
      summary: 'Takes away what AddLanguage of an outer folder says of these extensions.',
      apply: remove('language'),
    },
    RemoveOutputFilter: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'one or more file extensions',
      summary: 'Takes away what AddOutputFilter of an outer folder says of these extensions.',
      apply: remove('outputFilters'),
    },
    RemoveType: {
      args: 'ITERATE',
      where: ['FileInfo'],
      help: 'one or more file extensions',
      summary: 'Forgets the media type of these extensions, the one that the server knows as well.',
      apply: (cmd, config, extension) => add('type')(cmd, config, '', extension),
    },
    TypesConfig: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'the MIME types config file',
      summary: 'The file that lists media types and their extensions. Only the host can set it.',
    },
    ModMimeUsePathInfo: {
      args: 'FLAG',
      where: ['ACCESS_CONF'],
      help: "Set to 'yes' to allow mod_mime to use path info for type checking",
      summary: 'Lets the extensions of the path info count as those of the file. Only the host can set it.',
    },
  },
  hooks: { typeChecker: (r) => findType(r, r.perDirConfig.get(mod_mime)) },
});
