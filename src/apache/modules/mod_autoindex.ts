import { defineModule, type Command, type Directive, type Refusal } from './define';
import { leadingInteger } from './numbers';

/** IndexOptions as far as one directive's words depend on those before. */
export interface AutoindexConfig {
  /** `None` was given. */
  isNone: boolean;
  /** Some other option was given without a sign. */
  hasOption: boolean;
}

const accepts = (): Refusal => undefined;

/** A directive whose arguments mod_autoindex keeps unseen. */
function kept(
  args: 'ITERATE' | 'ITERATE2' | 'TAKE1' | 'FLAG',
  help: string,
  summary: string,
): Directive<AutoindexConfig> {
  return { args, where: ['Indexes'], help, summary, apply: accepts };
}

/** An icon may be written `(ALT,URL)`. */
function icon(help: string, summary: string): Directive<AutoindexConfig> {
  return {
    args: 'ITERATE2',
    where: ['Indexes'],
    help,
    summary,
    apply: (_cmd, _config, value) =>
      value.startsWith('(') && !value.includes(')') ? 'missing closing paren' : undefined,
  };
}

/** Options that are on or off. */
const SWITCHES = [
  'FancyIndexing', 'FoldersFirst', 'HTMLTable', 'IconsAreLinks', 'IgnoreCase', 'IgnoreClient', 'ScanHTMLTitles',
  'SuppressColumnSorting', 'SuppressDescription', 'SuppressHTMLPreamble', 'SuppressIcon', 'SuppressLastModified',
  'SuppressSize', 'SuppressRules', 'TrackModified', 'VersionSort', 'XHTML', 'ShowForbidden', 'AddAltClass',
]; // prettier-ignore

const SWITCH_KEYS: ReadonlySet<string> = new Set(SWITCHES.map((name) => name.toLowerCase()));

/** Options with a value, or whose value is taken back with `-`. */
interface Measure {
  readonly name: string;
  /** Smallest width but 0; absent for those that take any number. */
  readonly least?: number;
}

const MEASURES: ReadonlyMap<string, Measure> = new Map([
  ['iconwidth', { name: 'IconWidth' }],
  ['iconheight', { name: 'IconHeight' }],
  ['namewidth', { name: 'NameWidth', least: 5 }],
  ['descriptionwidth', { name: 'DescriptionWidth', least: 12 }],
]);

function measure(known: Measure, sign: string, value: string | undefined): Refusal {
  const { name, least } = known;
  if (value === undefined) {
    return least === undefined || sign === '-'
      ? undefined
      : `${name} with no value may only appear as '-${name}'`;
  }
  if (sign === '-') return `Cannot combine '-' with ${name}=n`;
  const width = leadingInteger(value);
  if (least === undefined || value.startsWith('*') || width === 0 || width >= least) return undefined;
  return `${name} value must be greater than ${least}`;
}

/** One word of IndexOptions; mod_autoindex's refusal of it. */
function indexOption(config: AutoindexConfig, word: string): Refusal {
  const sign = /^[+-]/.exec(word)?.[0] ?? '';
  const text = word.slice(sign.length);
  const key = text.toLowerCase();
  if (SWITCH_KEYS.has(key)) {
    if (sign === '') config.hasOption = true;
    return undefined;
  }
  if (key === 'none') {
    if (sign !== '') return "Cannot combine '+' or '-' with 'None' keyword";
    config.isNone = true;
    config.hasOption = false;
    return undefined;
  }
  if (key === 'useolddateformat') return undefined;
  const equals = text.indexOf('=');
  const name = equals < 0 ? key : key.slice(0, equals);
  const known = MEASURES.get(name);
  if (known !== undefined) return measure(known, sign, equals < 0 ? undefined : text.slice(equals + 1));
  return equals >= 0 && (name === 'type' || name === 'charset')
    ? undefined
    : 'Invalid directory indexing option';
}

function indexOptions(_cmd: Command, config: AutoindexConfig, words: readonly string[]): Refusal {
  for (const word of words) {
    const refusal = indexOption(config, word);
    if (refusal !== undefined) return refusal;
  }
  return config.isNone && config.hasOption
    ? "Cannot combine other IndexOptions keywords with 'None'"
    : undefined;
}

const DIRECTIONS = ['Ascending', 'Descending'];
const COLUMNS = ['Name', 'Date', 'Size', 'Description'];

const isOneOf = (words: readonly string[], value: string): boolean =>
  words.some((word) => word.toLowerCase() === value.toLowerCase());

function indexOrder(_cmd: Command, _config: AutoindexConfig, direction: string, column: string): Refusal {
  if (!isOneOf(DIRECTIONS, direction)) return "First keyword must be 'Ascending' or 'Descending'";
  return isOneOf(COLUMNS, column)
    ? undefined
    : "Second keyword must be 'Name', 'Date', 'Size', or 'Description'";
}

const UNSUPPORTED = 'The FancyIndexing directive is no longer supported. Use IndexOptions FancyIndexing.';

export const mod_autoindex = defineModule<AutoindexConfig>({
  name: 'mod_autoindex',
  createDirConfig: () => ({ isNone: false, hasOption: false }),
  directives: {
    AddIcon: icon(
      'an icon URL followed by one or more filenames',
      'The icon of files with these names in listings.',
    ),
    AddIconByType: icon(
      'an icon URL followed by one or more MIME types',
      'The icon of files of these media types in listings.',
    ),
    AddIconByEncoding: icon(
      'an icon URL followed by one or more content encodings',
      'The icon of files with these encodings in listings.',
    ),
    AddAlt: kept(
      'ITERATE2',
      'alternate descriptive text followed by one or more filenames',
      'The text in place of the icon of files with these names in listings.',
    ),
    AddAltByType: kept(
      'ITERATE2',
      'alternate descriptive text followed by one or more MIME types',
      'The text in place of the icon of files of these media types in listings.',
    ),
    AddAltByEncoding: kept(
      'ITERATE2',
      'alternate descriptive text followed by one or more content encodings',
      'The text in place of the icon of files with these encodings in listings.',
    ),
    IndexOptions: {
      args: 'TAKE_ARGV',
      where: ['Indexes'],
      help: 'one or more index options [+|-][]',
      summary: 'How listings of folders look: columns, icons, order, widths.',
      values: [
        ...SWITCHES,
        'None',
        'UseOldDateFormat',
        'IconWidth=',
        'IconHeight=',
        'NameWidth=',
        'DescriptionWidth=',
        'Type=',
        'Charset=',
      ],
      apply: indexOptions,
    },
    IndexOrderDefault: {
      args: 'TAKE2',
      where: ['Indexes'],
      help: '{Ascending,Descending} {Name,Size,Description,Date}',
      summary: 'The order of listings that nobody has sorted by a click.',
      values: [...DIRECTIONS, ...COLUMNS],
      apply: indexOrder,
    },
    IndexIgnore: kept(
      'ITERATE',
      'one or more file extensions',
      'Names and patterns that listings leave out.',
    ),
    IndexIgnoreReset: kept(
      'FLAG',
      'Reset the inherited list of IndexIgnore filenames',
      'Forgets what outer folders leave out of listings.',
    ),
    AddDescription: kept(
      'ITERATE2',
      'Descriptive text followed by one or more filenames',
      'A description of files with these names, for listings with FancyIndexing.',
    ),
    HeaderName: kept('TAKE1', 'a filename', 'The file that stands above a listing.'),
    ReadmeName: kept('TAKE1', 'a filename', 'The file that stands below a listing.'),
    FancyIndexing: {
      args: 'RAW_ARGS',
      where: ['All'],
      help: UNSUPPORTED,
      summary: 'Was the switch for listings with columns; Apache refuses it.',
      deprecated: 'Write IndexOptions FancyIndexing.',
      apply: () => UNSUPPORTED,
    },
    DefaultIcon: kept('TAKE1', 'an icon URL', 'The icon of files that no other icon is given for.'),
    IndexStyleSheet: kept('TAKE1', 'URL to style sheet', 'The style sheet of listings.'),
    IndexHeadInsert: kept('TAKE1', 'String to insert in HTML HEAD section', 'HTML for the head of listings.'),
  },
});
