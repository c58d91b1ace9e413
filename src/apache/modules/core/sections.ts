import { readWord } from '../../syntax/words';
import { checkContext } from '../context';
import type { Command, DirectiveOf, Refusal } from '../define';
import type { CoreConfig, Section, SectionTest } from './config';
import { limitDirectives } from './limit';
import { missingArgument, sectionArgument } from './sectionArgument';

type SectionDirective = DirectiveOf<'RAW_ARGS', CoreConfig>;

/** A section that is decided while the file is read (start_cond_section): its directives stay, or are skipped unread. */
function conditional(
  help: string,
  test: (cmd: Command, argument: string) => boolean,
  since = 0,
): SectionDirective {
  return {
    args: 'RAW_ARGS',
    where: ['All'],
    execOnRead: true,
    help,
    since,
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

/** Carries out the section's directives on a configuration of its own; `cmd.path` is what they see as their folder meanwhile. */
function walkSection(cmd: Command, path: string, add: (section: Omit<Section, 'test'>) => void): Refusal {
  const outer = cmd.path;
  const line = cmd.directive.line;
  const config = cmd.newConfig();
  cmd.path = path;
  const refusal = cmd.walkChildren(config);
  if (refusal !== undefined) return refusal;
  add({ config, line });
  cmd.path = outer;
  return undefined;
}

function applyFiles(cmd: Command, config: CoreConfig, args: string): Refusal {
  const name = cmd.name;
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
  if (isRegex && cmd.compile(word.value) === undefined) return 'Regex could not be compiled';
  const test: SectionTest = { kind: 'files', pattern: word.value, isRegex };
  const refusal = walkSection(cmd, word.value, (section) => {
    config.fileSections = [...config.fileSections, { ...section, test }];
  });
  if (refusal !== undefined) return refusal;
  return word.next < argument.text.length ? `Multiple ${name}> arguments not (yet) supported.` : undefined;
}

function applyIf(kind: 'if' | 'elseif' | 'else'): NonNullable<SectionDirective['apply']> {
  return (cmd, config, args) => {
    const name = cmd.name;
    const forbidden = checkContext(cmd, ['limit']);
    if (forbidden !== undefined) return forbidden;
    const argument = sectionArgument(cmd, args);
    if ('refusal' in argument) return argument.refusal;
    if (kind === 'else' && argument.text !== '') return '<Else> does not take an argument';
    if (kind !== 'else' && argument.text === '') return missingArgument(cmd);
    const word = readWord(argument.text, 0);
    const test: SectionTest = { kind, condition: word.value };
    const refusal = walkSection(cmd, '*If', (section) => {
      config.ifSections = [...config.ifSections, { ...section, test }];
    });
    if (refusal !== undefined) return refusal;
    return word.next < argument.text.length ? `Multiple ${name}> arguments not supported.` : undefined;
  };
}

const conditionally = 'Container for directives to be conditionally applied';
const matching = 'Container for directives affecting files matching specified patterns';

/** The sections that a .htaccess may hold. */
export const sections = {
  '<IfModule': conditional('Container for directives based on existence of specified modules', (cmd, name) =>
    cmd.hasModule(name),
  ),
  '<IfDefine': conditional(
    'Container for directives based on existence of command line defines',
    (cmd, name) => cmd.host.defines.some((define) => define.split('=', 1)[0] === name),
  ),
  '<IfFile': conditional(
    'Container for directives based on existence of files on disk',
    (cmd, path) => cmd.fileExists(path),
    34,
  ),
  '<IfDirective': conditional(
    'Container for directives based on existence of named directive',
    (cmd, name) => cmd.isKnownDirective(name),
    34,
  ),
  '<IfSection': conditional(
    'Container for directives based on existence of named section',
    (cmd, name) => cmd.isKnownDirective(`<${name}`),
    34,
  ),
  '<Files': { args: 'RAW_ARGS', where: ['All'], help: matching, apply: applyFiles },
  '<FilesMatch': { args: 'RAW_ARGS', where: ['All'], help: matching, apply: applyFiles },
  '<If': { args: 'RAW_ARGS', where: ['All'], help: conditionally, apply: applyIf('if') },
  '<ElseIf': { args: 'RAW_ARGS', where: ['All'], help: conditionally, apply: applyIf('elseif') },
  '<Else': { args: 'RAW_ARGS', where: ['All'], help: conditionally, apply: applyIf('else') },
  ...limitDirectives,
} satisfies Record<string, SectionDirective>;
