import { mergePath } from '../../paths';
import { readWord } from '../../syntax/words';
import { checkContext } from '../context';
import type { Command, DirectiveOf, Refusal } from '../define';
import type { CoreConfig, FilesTest, IfTest } from './config';
import { limitDirectives } from './limit';
import { missingArgument, sectionArgument } from './sectionArgument';

type SectionDirective = DirectiveOf<'RAW_ARGS', CoreConfig>;

/** A section that is decided while the file is read (start_cond_section): its directives stay, or are skipped unread. */
function conditional(
  help: string,
  summary: string,
  test: (cmd: Command, argument: string) => boolean,
): SectionDirective {
  return {
    args: 'RAW_ARGS',
    where: ['All'],
    execOnRead: true,
    help,
    summary,
    apply(cmd, _config, args) {
      const argument = sectionArgument(cmd, args);
      if ('refusal' in argument) return argument.refusal;
      const isNegated = argument.text.startsWith('!');
      const word = readWord(argument.text, isNegated ? 1 : 0).value;
      if (word === '') return missingArgument(cmd);
      return test(cmd, word) === isNegated ? cmd.soakContainer() : cmd.buildContainer();
    },
  };
}

function hasFile(cmd: Command, path: string): boolean {
  const isThere = cmd.fileExists(path);
  if (!isThere) cmd.noteOutside(path);
  return isThere;
}

function filesTest(cmd: Command, pattern: string, isRegex: boolean): FilesTest | undefined {
  if (!isRegex) return { kind: 'pattern', pattern: cleanName(pattern) };
  const regex = cmd.compile(pattern);
  return regex === undefined ? undefined : { kind: 'regex', regex };
}

/** A name as apr_filepath_merge leaves it: without `.` and empty segments; a relative one keeps `..` at its beginning. */
function cleanName(name: string): string {
  if (name.startsWith('/')) return mergePath(name);
  const above = /^(?:\.{0,2}\/)*(?:\.\.$)?/.exec(name)?.[0].match(/\.\.(?=\/|$)/g) ?? [];
  return [...above, mergePath(`/${name}`).slice(1)].join('/');
}

/** The longest name that <Files> takes: APR_PATH_MAX without the bytes that apr_filepath_merge wants for itself. */
const MAX_NAME = 4092;

function applyFiles(cmd: Command, config: CoreConfig, args: string): Refusal {
  const name = cmd.name;
  const outer = cmd.path;
  const { origin } = cmd;
  const forbidden = checkContext(cmd, ['limit']);
  if (forbidden !== undefined) return forbidden;
  const argument = sectionArgument(cmd, args);
  if ('refusal' in argument) return argument.refusal;
  if (argument.text === '') return missingArgument(cmd);
  let word = readWord(argument.text, 0);
  let isRegex = name === '<FilesMatch';
  if (!isRegex && word.value === '~') {
    isRegex = true;
    word = readWord(argument.text, word.next);
  }
  const test = filesTest(cmd, word.value, isRegex);
  if (test === undefined) return 'Regex could not be compiled';
  if (!isRegex && word.value.length > MAX_NAME) return `${name} "${word.value}"> is invalid.`;
  cmd.path = test.kind === 'pattern' ? test.pattern : word.value;
  const inner = cmd.newConfig();
  return cmd.walkSection(inner, () => {
    config.fileSections.push({ test, config: inner, origin, name, written: word.value });
    if (word.next < argument.text.length) return `Multiple ${name}> arguments not (yet) supported.`;
    cmd.path = outer;
    return undefined;
  });
}

type IfKind = IfTest['kind'];

/** The condition of an <If> or <ElseIf>, and where its text ends. */
function ifTest(
  cmd: Command,
  kind: IfKind,
  text: string,
): { readonly test: IfTest; readonly next: number; readonly written: string } | { readonly refusal: string } {
  if (kind === 'else') {
    return text === ''
      ? { test: { kind, expr: undefined }, next: 0, written: '' }
      : { refusal: '<Else> does not take an argument' };
  }
  if (text === '') return { refusal: missingArgument(cmd) };
  const word = readWord(text, 0);
  const parsed = cmd.parseExpr('If', word.value);
  if ('refusal' in parsed) return parsed;
  return { test: { kind, expr: parsed.expr }, next: word.next, written: word.value };
}

function applyIf(kind: IfKind): NonNullable<SectionDirective['apply']> {
  return (cmd, config, args) => {
    const name = cmd.name;
    const outer = cmd.path;
    const { origin } = cmd;
    const forbidden = checkContext(cmd, ['limit']);
    if (forbidden !== undefined) return forbidden;
    const argument = sectionArgument(cmd, args);
    if ('refusal' in argument) return argument.refusal;
    const asked = ifTest(cmd, kind, argument.text);
    if ('refusal' in asked) return asked.refusal;
    cmd.path = '*If';
    const inner = cmd.newConfig();
    return cmd.walkSection(inner, () => {
      if (kind !== 'if' && (config.ifSections.at(-1)?.test.kind ?? 'else') === 'else') {
        return '<Else> or <ElseIf> section without previous <If> or <ElseIf> section in same scope';
      }
      config.ifSections.push({ test: asked.test, config: inner, origin, name, written: asked.written });
      if (asked.next < argument.text.length) return `Multiple ${name}> arguments not supported.`;
      cmd.path = outer;
      return undefined;
    });
  };
}

const conditionally = 'Container for directives to be conditionally applied';
const matching = 'Container for directives affecting files matching specified patterns';

/** The release that brought <IfFile>, <IfDirective> and <IfSection>. */
const SINCE = 34;

/** The sections that a .htaccess may hold. */
export const sections = {
  '<IfModule': conditional(
    'Container for directives based on existence of specified modules',
    'Keeps the directives inside where a module is loaded, or with ! where it is not.',
    (cmd, name) => cmd.hasModule(name),
  ),
  '<IfDefine': conditional(
    'Container for directives based on existence of command line defines',
    'Keeps the directives inside where the server was started or configured with a name.',
    (cmd, name) => cmd.host.defines.some((define) => define.split('=', 1)[0] === name),
  ),
  '<IfFile': {
    ...conditional(
      'Container for directives based on existence of files on disk',
      'Keeps the directives inside where a file or folder exists.',
      hasFile,
    ),
    since: SINCE,
  },
  '<IfDirective': {
    ...conditional(
      'Container for directives based on existence of named directive',
      'Keeps the directives inside where the server knows a directive.',
      (cmd, name) => cmd.isKnownDirective(name),
    ),
    since: SINCE,
  },
  '<IfSection': {
    ...conditional(
      'Container for directives based on existence of named section',
      'Keeps the directives inside where the server knows a section.',
      (cmd, name) => cmd.isKnownDirective(`<${name}`),
    ),
    since: SINCE,
  },
  '<Files': {
    args: 'RAW_ARGS',
    where: ['All'],
    help: matching,
    summary: 'Directives for files of a name or shell pattern, in this folder and those below.',
    apply: applyFiles,
  },
  '<FilesMatch': {
    args: 'RAW_ARGS',
    where: ['All'],
    help: matching,
    summary: 'Directives for files whose name matches a regular expression.',
    apply: applyFiles,
  },
  '<If': {
    args: 'RAW_ARGS',
    where: ['All'],
    help: conditionally,
    summary: 'Directives for requests that meet a condition.',
    apply: applyIf('if'),
  },
  '<ElseIf': {
    args: 'RAW_ARGS',
    where: ['All'],
    help: conditionally,
    summary: 'Directives for requests that meet this condition and none of those before.',
    apply: applyIf('elseif'),
  },
  '<Else': {
    args: 'RAW_ARGS',
    where: ['All'],
    help: conditionally,
    summary: 'Directives for requests that met none of the conditions before.',
    apply: applyIf('else'),
  },
  ...limitDirectives,
} satisfies Record<string, SectionDirective>;
