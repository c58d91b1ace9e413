import { CompletionItemKind } from 'vscode-languageserver';
import { registryFor } from '../../apache/config/registry';
import type { HostProfile } from '../../apache/host';
import { ALL_MODULES } from '../../apache/modules/all';
import { directiveOn } from '../catalog';
import { DIRECTIVE_FACTS } from '../directiveFacts';
import { usualName } from '../directiveText';
import type { ArgumentPlace } from '../cursor';
import { OPTIONS } from '../options';
import { STATUSES } from '../statusCodes';
import { headerNames, headerValues } from './headers';
import { words, type Proposal } from './proposal';
import { lookup } from '../../text/lookup';

type Source = (place: ArgumentPlace, host: HostProfile) => readonly Proposal[];

/** Words for an argument: the directive's own, and those that only the host knows. */
export function valueProposals(place: ArgumentPlace, host: HostProfile): readonly Proposal[] {
  const own = lookup(OWN, place.directive);
  if (own !== undefined) return own(place, host);
  return fromModule(place, host);
}

const REPEATED: ReadonlySet<string> = new Set(['ITERATE', 'ITERATE2', 'TAKE_ARGV', 'RAW_ARGS']);

/** What the directive's module lists; the list is for the first argument, or for all of a repeated one. */
function fromModule({ directive, index }: ArgumentPlace, host: HostProfile): readonly Proposal[] {
  const { registered } = directiveOn(host, directive);
  if (registered === undefined) return [];
  const { args, values = [] } = registered.directive;
  if (args === 'FLAG') return index === 0 ? words(['On', 'Off']) : [];
  const listed = values.length > 0 ? values : wordsOfSyntax(usualName(registered.name));
  return index === 0 || REPEATED.has(args) ? words(listed) : [];
}

/** Parts of a syntax that stand for something: not words to be written. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  'text', 'path', 'url', 'URL', 'host', 'file', 'handler', 'media-type', 'expression', 'charset', 'status', 'module-file',
  'username', 'bytes', 'number', 'seconds', 'provider', 'referer', 'map',
]); // prettier-ignore

/** The words of a first argument like `None|Basic|Digest`. */
function wordsOfSyntax(name: string): readonly string[] {
  const first = DIRECTIVE_FACTS[name]?.takes.split(' ')[0] ?? '';
  if (!/^[\w-]+(?:\|[\w-]+)+$/.test(first)) return [];
  return first.split('|').filter((word) => !PLACEHOLDERS.has(word));
}

/** At one place in the arguments only. */
function at(wanted: number, source: Source): Source {
  return (place, host) => (place.index === wanted ? source(place, host) : []);
}

const redirects: Source = () => [
  ...STATUSES.filter(
    ({ code }) => (code >= 300 && code < 400 && code !== 304 && code !== 305) || code === 410,
  ).map(statusProposal),
  ...words(['permanent', 'temp', 'seeother', 'gone']),
];

const errors: Source = () => STATUSES.filter(({ code }) => code >= 400).map(statusProposal);

/** A status as it is written, with its name. */
export function statusProposal(status: (typeof STATUSES)[number]): Proposal {
  const { code, name, meaning } = status;
  const documentation = meaning === '' ? {} : { documentation: meaning };
  return { label: String(code), kind: CompletionItemKind.EnumMember, detail: name, ...documentation };
}

const options: Source = ({ index, written, values }) => {
  const isSigned = index > 0 ? /^[+-]/.test(values[0] ?? '') : !/^[A-Za-z]/.test(written);
  return Object.entries(OPTIONS).flatMap(([name, documentation]): Proposal[] => {
    const kind = CompletionItemKind.EnumMember;
    if (name === 'All' || name === 'None') return index === 0 ? [{ label: name, kind, documentation }] : [];
    const labels = isSigned ? [`+${name}`, `-${name}`] : [name];
    return labels.map((label) => ({ label, kind, documentation }));
  });
};

const COMMON_TYPES = [
  'text/html', 'text/css', 'text/javascript', 'text/plain', 'application/json', 'application/xml', 'application/manifest+json',
  'image/svg+xml', 'image/webp', 'image/avif', 'image/jpeg', 'image/png', 'image/gif', 'image/x-icon', 'font/woff2', 'font/woff',
  'font/ttf', 'font/otf', 'video/mp4', 'application/pdf', 'application/wasm', 'application/rss+xml', 'application/octet-stream',
]; // prettier-ignore

/** Media types, usual ones first. */
export function mediaTypeProposals(host: HostProfile): Proposal[] {
  return words([...COMMON_TYPES, ...Object.values(host.mimeTypes)]);
}

const mediaTypes: Source = (_place, host) => mediaTypeProposals(host);

const EXTENSIONS = [
  'html',
  'css',
  'js',
  'json',
  'svg',
  'woff2',
  'webp',
  'php',
  'fcgi',
  'pl',
  'py',
  'cgi',
  'gz',
  'br',
];

const extensions: Source = (_place, host) =>
  words(
    [...EXTENSIONS, ...Object.keys(host.addHandler), ...Object.keys(host.mimeTypes)].map(
      (name) => `.${name}`,
    ),
  );

const HANDLERS: readonly (readonly [handler: string, module: string, meaning: string])[] = [
  ['fcgid-script', 'mod_fcgid', 'Runs the file as a FastCGI program that stays alive.'],
  ['cgi-script', 'mod_cgi', 'Runs the file as a CGI program, anew for every request.'],
  ['cgi-script', 'mod_cgid', 'Runs the file as a CGI program, anew for every request.'],
  ['default-handler', 'core', 'Sends the file as it is.'],
  ['server-status', 'mod_status', 'Shows what the server is doing.'],
  ['type-map', 'mod_negotiation', 'Reads the file as a list of variants.'],
  ['send-as-is', 'mod_asis', 'Sends the file with the headers that stand in it.'],
  ['imap-file', 'mod_imagemap', 'Reads the file as an image map.'],
];

/** The handlers of the host's modules, and those that it maps extensions to. */
export function handlerProposals(host: HostProfile): Proposal[] {
  const loaded = HANDLERS.filter(([, module]) => host.modules.includes(module));
  const known = new Map(loaded.map(([label, , documentation]) => [label, documentation]));
  const proposals = Array.from(known, ([label, documentation]): Proposal => ({
    label,
    kind: CompletionItemKind.EnumMember,
    documentation,
  }));
  return [...proposals, ...words(Object.values(host.addHandler)).filter(({ label }) => !known.has(label))];
}

/** What a handler does; undefined for an unknown one. */
export function handlerMeaning(name: string): string | undefined {
  return HANDLERS.find(([label]) => label === name)?.[2];
}

const handlers: Source = ({ directive }, host) => [
  ...handlerProposals(host),
  ...(directive === 'sethandler' ? words(['none']) : []),
];

const modules: Source = ({ written }, host) => {
  const bang = written.startsWith('!') ? '!' : '';
  const names = ALL_MODULES.map(({ name }) => name);
  const loaded = names.filter((name) => host.modules.includes(name)).sort(usefulFirst);
  const others = names.filter((name) => !host.modules.includes(name));
  const proposal = (name: string, detail: string): Proposal => ({
    label: `${bang}${name}.c`,
    kind: CompletionItemKind.Module,
    detail,
  });
  return [
    ...loaded.map((name) => proposal(name, 'loaded')),
    ...others.map((name) => proposal(name, 'not loaded')),
  ];
};

const USEFUL = [
  'mod_rewrite',
  'mod_headers',
  'mod_expires',
  'mod_deflate',
  'mod_fcgid',
  'mod_mime',
  'mod_setenvif',
  'mod_dir',
];

function usefulFirst(one: string, other: string): number {
  const rank = (name: string): number => (USEFUL.includes(name) ? USEFUL.indexOf(name) : USEFUL.length);
  return rank(one) - rank(other) || one.localeCompare(other, 'en');
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'CONNECT', 'PROPFIND'];

const REQUIRE_REST: Readonly<Record<string, readonly string[]>> = {
  all: ['granted', 'denied'],
  method: METHODS,
};

const requirement: Source = ({ index, values }, host) => {
  const isNegated = values[0]?.toLowerCase() === 'not';
  const place = isNegated ? index - 1 : index;
  if (place === 0) {
    const providers = [...registryFor(host).authzProviders.keys()].sort(requireFirst);
    return words([
      ...(index === 0 ? ['all granted', 'all denied'] : []),
      ...providers,
      ...(index === 0 ? ['not'] : []),
    ]);
  }
  const provider = values[isNegated ? 1 : 0]?.toLowerCase() ?? '';
  return place > 0 ? words(lookup(REQUIRE_REST, provider) ?? []) : [];
};

const REQUIRES = ['all', 'ip', 'host', 'valid-user', 'user', 'group', 'env', 'method', 'expr', 'local'];

function requireFirst(one: string, other: string): number {
  const rank = (name: string): number => (REQUIRES.includes(name) ? REQUIRES.indexOf(name) : REQUIRES.length);
  return rank(one) - rank(other) || one.localeCompare(other, 'en');
}

/** `Header [always] action name`: what stands before decides what comes. */
const headers: Source = (place, host) => {
  const isConditional = /^(?:always|onsuccess)$/i.test(place.values[0] ?? '');
  const index = isConditional ? place.index - 1 : place.index;
  const own = fromModule({ ...place, index: 0 }, host);
  if (index <= 0 && isConditional)
    return own.filter(({ label }) => label !== 'always' && label !== 'onsuccess');
  if (place.index === 0) return own;
  if (index === 1) return headerNames(place.directive === 'header' ? 'response' : 'request');
  const action = place.values[place.index - index]?.toLowerCase() ?? '';
  const isValue = index === 2 && /^(?:set|append|merge|add|setifempty)$/.test(action);
  const guards: Proposal[] = index >= 2 ? words(['env=', '"expr=']) : [];
  return [...(isValue ? headerValues(place.values[place.index - index + 1] ?? '') : []), ...guards];
};

const CONDITIONS: Source = ({ values }) => {
  if (values[0]?.toLowerCase() === 'expr') return [];
  return CONDITION_TESTS.map(([label, documentation]) => ({
    label,
    documentation,
    kind: CompletionItemKind.Operator,
  }));
};

const CONDITION_TESTS = [
  ['-f', 'It is a file that exists.'],
  ['-d', 'It is a folder that exists.'],
  ['!-f', 'It is no file that exists.'],
  ['!-d', 'It is no folder that exists.'],
  ['-s', 'It is a file that is not empty.'],
  ['-l', 'It is a symbolic link.'],
  ['-x', 'It is a file that may be executed.'],
  ['-F', 'It is a file that the visitor may see, found out by a request within the request (slow).'],
  ['-U', 'It is a URL that the visitor may see, found out by a request within the request (slow).'],
  ['=', 'It is this text. `=""` is the empty one.'],
  ['-eq', 'It is this number.'],
  ['-ne', 'It is another number.'],
  ['-lt', 'It is a smaller number.'],
  ['-le', 'It is this number or a smaller one.'],
  ['-gt', 'It is a larger number.'],
  ['-ge', 'It is this number or a larger one.'],
  ['on', 'It holds `on`: for `%{HTTPS}`.'],
  ['off', 'It holds `off`: for `%{HTTPS}`.'],
] as const;

/** What SetEnvIf looks at besides headers. */
const ATTRIBUTES = [
  'Request_URI',
  'Remote_Addr',
  'Remote_Host',
  'Request_Method',
  'Request_Protocol',
  'Server_Addr',
];

const LANGUAGES = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'nl',
  'pl',
  'pt',
  'pt-BR',
  'ru',
  'ja',
  'zh-CN',
  'zh-TW',
  'ko',
  'sv',
  'da',
  'cs',
  'tr',
];

/** Patterns that FilesMatch is mostly used for. */
const FILE_PATTERNS: readonly Proposal[] = [
  { label: String.raw`"^\."`, kind: CompletionItemKind.Value, detail: 'files that begin with a dot' },
  {
    label: String.raw`"\.(?:bak|old|orig|save|sql|swp|log|ini)$"`,
    kind: CompletionItemKind.Value,
    detail: 'leftovers',
  },
  {
    label: String.raw`"\.(?:css|js|png|jpe?g|gif|svg|webp|woff2)$"`,
    kind: CompletionItemKind.Value,
    detail: 'static files',
  },
  { label: String.raw`"\.(?:fcgi|cgi|pl|py)$"`, kind: CompletionItemKind.Value, detail: 'programs' },
];

const OWN: Readonly<Record<string, Source>> = {
  options,
  require: requirement,
  header: headers,
  requestheader: headers,
  redirect: at(0, redirects),
  redirectmatch: at(0, redirects),
  errordocument: at(0, errors),
  addtype: (place, host) => (place.index === 0 ? mediaTypes : extensions)(place, host),
  addhandler: (place, host) => (place.index === 0 ? handlers : extensions)(place, host),
  addcharset: (place, host) => (place.index === 0 ? words(['utf-8', 'iso-8859-1']) : extensions(place, host)),
  addencoding: (place, host) => (place.index === 0 ? words(['gzip', 'br']) : extensions(place, host)),
  addoutputfilterbytype: (place, host) =>
    place.index === 0 ? words(['DEFLATE', 'BROTLI_COMPRESS']) : mediaTypes(place, host),
  expiresbytype: (place, host) => (place.index === 0 ? mediaTypes(place, host) : words(EXPIRY)),
  expiresdefault: at(0, () => words(EXPIRY)),
  adddefaultcharset: at(0, () => words(['utf-8', 'Off', 'On', 'iso-8859-1'])),
  forcetype: at(0, mediaTypes),
  defaulttype: at(0, () => words(['None'])),
  sethandler: at(0, handlers),
  fcgidwrapper: (place, host) =>
    place.index === 1 ? extensions(place, host) : at(2, () => words(['virtual']))(place, host),
  rewritecond: at(1, CONDITIONS),
  rewriterule: () => [],
  '<ifmodule': at(0, modules),
  setenvif: at(0, () => [...words(ATTRIBUTES, CompletionItemKind.Property), ...headerNames('request')]),
  setenvifnocase: at(0, () => [...words(ATTRIBUTES, CompletionItemKind.Property), ...headerNames('request')]),
  rewriteoptions: () =>
    words([
      'Inherit',
      'InheritBefore',
      'InheritDown',
      'InheritDownBefore',
      'IgnoreInherit',
      'AllowNoSlash',
      'MergeBase',
      'IgnoreContextInfo',
      'LegacyPrefixDocRoot',
    ]),
  setoutputfilter: () => words(['DEFLATE', 'BROTLI_COMPRESS', 'INCLUDES', 'SUBSTITUTE', 'RATE_LIMIT']),
  addoutputfilter: (place, host) =>
    place.index === 0 ? words(['DEFLATE', 'INCLUDES', 'SUBSTITUTE']) : extensions(place, host),
  addlanguage: (place, host) => (place.index === 0 ? words(LANGUAGES) : extensions(place, host)),
  defaultlanguage: at(0, () => words(LANGUAGES)),
  languagepriority: () => words(LANGUAGES),
  removetype: extensions,
  removehandler: extensions,
  removecharset: extensions,
  removeencoding: extensions,
  removelanguage: extensions,
  removeoutputfilter: extensions,
  rewritebase: at(0, () => words(['/'])),
  '<filesmatch': at(0, () => FILE_PATTERNS),
  '<ifdirective': at(0, () =>
    words(
      [...new Set(ALL_MODULES.flatMap(({ directives }) => Object.keys(directives)))].filter(
        (name) => !name.startsWith('<'),
      ),
    ),
  ),
  '<ifsection': at(0, () =>
    words(['Files', 'FilesMatch', 'If', 'IfModule', 'RequireAll', 'RequireAny', 'Limit']),
  ),
  '<ifversion': at(0, () => words(['>=', '<', '=', '~'])),
  '<limit': () => words(METHODS),
  '<limitexcept': () => words(METHODS),
};

/** What a test of RewriteCond says when it holds; undefined for a pattern. */
export function conditionTest(written: string): string | undefined {
  const plain = written.replace(/^"(.*)"$/, '$1');
  const number = /^!?(-(?:lt|le|eq|ge|gt|ne))\d+$/.exec(plain)?.[1];
  const wanted = number ?? plain;
  const own = CONDITION_TESTS.find(([label]) => label === wanted);
  if (own !== undefined) return own[1];
  const bare = CONDITION_TESTS.find(([label]) => `!${label}` === wanted);
  return bare === undefined ? undefined : `Not: ${bare[1]}`;
}

const EXPIRY = [
  '"access plus 1 hour"',
  '"access plus 1 day"',
  '"access plus 1 month"',
  '"access plus 1 year"',
  '"access plus 0 seconds"',
];
