import { isSpace } from '../../syntax/lines';
import { readWord } from '../../syntax/words';
import { checkContext } from '../context';
import { luaProblem } from './syntax';
import { defineModule, type Command, type Directive, type DirectiveOf, type Refusal } from '../define';

/** HUGE_STRING_LEN: how much of a line of Lua is read at once. */
const READ_SIZE = 8192;

/** What Apache puts in the place of a section of Lua, for the second phase. */
const COMPILED = 'Lua_____ByteCodeHack';

const MOMENTS = ['early', 'late'];

/** A directive that is registered for .htaccess, and refuses itself there. */
function refusesHtaccess(cmd: Command): Refusal {
  return checkContext(cmd, ['limit', 'htaccess', 'files']);
}

const accepts = (): Refusal => undefined;

/** A hook that calls a function of a Lua file. */
function fileHook(help: string, phase: string, apply: () => Refusal = accepts): Directive<unknown> {
  return {
    args: 'TAKE2',
    where: ['All'],
    help,
    summary: `Calls a function of a Lua file ${phase}.`,
    apply,
  };
}

/** A hook that may be called before or after the others of its phase. */
function timedHook(help: string, phase: string): Directive<unknown> {
  return {
    args: 'TAKE23',
    where: ['All'],
    help,
    summary: `Calls a function of a Lua file ${phase}; early or late among the others.`,
    values: MOMENTS,
    apply(_cmd, _config, _file, _function, moment) {
      const isKnown = moment === undefined || MOMENTS.includes(moment.toLowerCase());
      return isKnown ? undefined : "Third argument must be 'early' or 'late'";
    },
  };
}

/** A hook that only the server's own files may hold, although its place says otherwise. */
function serverHook(args: 'TAKE2' | 'TAKE23' | 'TAKE3', help: string, summary: string): Directive<unknown> {
  return {
    args,
    where: ['All'],
    help,
    summary: `${summary} Refused in .htaccess files.`,
    apply: refusesHtaccess,
  };
}

/** A section of Lua, which is read up to its closing tag while the file is read (register_named_block_function_hook). */
function section(help: string, phase: string): DirectiveOf<'RAW_ARGS', unknown> {
  return {
    args: 'RAW_ARGS',
    where: ['All'],
    execOnRead: true,
    help,
    summary: `Holds Lua code that runs ${phase}.`,
    values: MOMENTS,
    apply: readLua,
  };
}

function readLua(cmd: Command, _config: unknown, args: string): Refusal {
  const end = args.lastIndexOf('>');
  if (end < 0) return `${cmd.name}> directive missing closing '>'`;
  const words = args.slice(0, end);
  const moment = readWord(words, readWord(words, 0).next).value;
  if (moment !== '' && !MOMENTS.includes(moment.toLowerCase())) {
    return `${cmd.name}> 2nd argument must be 'early' or 'late'`;
  }
  const firstLine = cmd.file.lineNumber + 1;
  const chunk = chunkName(cmd.path, cmd.file.name, cmd.file.lineNumber);
  const code = takeLua(cmd, `</${cmd.name.slice(1)}`.toLowerCase());
  // Apache puts a line end for each line before it, and to Lua the last one and a CR behind it are one line end.
  const problem = luaProblem(code.startsWith('\r') ? code.slice(1) : code, firstLine);
  if (problem !== undefined) return `Lua Error:${chunk}:${problem.line}: ${problem.message}`;
  cmd.putDirective(COMPILED);
  return undefined;
}

/** Lua takes 45 bytes of a chunk's name (luaO_chunkid). */
const CHUNK_NAME_ROOM = 45;

const FILE = '.htaccess';

/**
 * How Lua names a file of a folder, or a macro of that file, in messages; where the whole path is left, without the folder, as
 * everywhere in ours.
 */
function chunkName(folder: string, name: string, line: number): string {
  const whole = `${name.replaceAll(FILE, folder + FILE)}:${line}`;
  const cut = whole.length < CHUNK_NAME_ROOM ? whole : `${whole.slice(0, CHUNK_NAME_ROOM)}...`;
  return `[string "${cut.replaceAll(folder + FILE, FILE)}"]`;
}

/** The closing tag needs no `>`; the end of the file will do, and so will a line that begins with a NUL. */
function takeLua(cmd: Command, closing: string): string {
  const lines: string[] = [];
  for (
    let line = cmd.readBytes(READ_SIZE);
    line !== undefined && line[0] !== '\0';
    line = cmd.readBytes(READ_SIZE)
  ) {
    let at = 0;
    while (isSpace(line.charCodeAt(at))) at += 1;
    if (line.slice(at, at + closing.length).toLowerCase() === closing) break;
    lines.push(line.split('\0', 1)[0] ?? '');
  }
  return lines.join('');
}

/** A directive of one word out of a few. */
function oneOf(
  name: string,
  help: string,
  facts: { summary: string; values: readonly string[]; listed: string },
): Directive<unknown> {
  const { summary, values, listed } = facts;
  return {
    args: 'TAKE1',
    where: ['All'],
    help,
    summary,
    values,
    apply: (_cmd, _config, value) =>
      values.includes(value.toLowerCase())
        ? undefined
        : `${name} type of '${value}' not recognized, valid options are ${listed}`,
  };
}

/** A path that must be absolute where a relative LuaRoot stands before it. */
function packagePath(help: string, summary: string): Directive<unknown> {
  return {
    args: 'TAKE1',
    where: ['All'],
    help,
    summary,
    apply(cmd, _config, path) {
      const root = cmd.kept.get('mod_lua');
      const isTaken = path.startsWith('/') || typeof root !== 'string' || root.startsWith('/');
      return isTaken ? undefined : `Unable to build full path to file, ${path}`;
    },
  };
}

const SCOPES = ['once', 'request', 'conn', 'thread', 'server'];

const accessHelp = 'Provide a hook for the access_checker phase of request processing';
const authHelp = 'Provide a hook for the auth_checker phase of request processing';
const userHelp = 'Provide a hook for the check_user_id phase of request processing';
const storageHelp = 'Provide a hook for the map_to_storage phase of request processing';
const typeHelp = 'Provide a hook for the type_checker phase of request processing';
const preTranslateHelp = 'Provide a hook for the pre_translate name phase of request processing';
const translateHelp = 'Provide a hook for the translate name phase of request processing';
const quickHelp = 'Provide a hook for the quick handler of request processing';

export const mod_lua = defineModule({
  name: 'mod_lua',
  directives: {
    LuaRoot: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Specify the base path for resolving relative paths for mod_lua directives',
      summary: 'The folder that relative paths of the other Lua directives begin at.',
      apply(cmd, _config, path) {
        cmd.kept.set('mod_lua', path);
        return undefined;
      },
    },
    LuaPackagePath: packagePath(
      "Add a directory to lua's package.path",
      "Adds a pattern to the places where Lua's require looks for Lua modules.",
    ),
    LuaPackageCPath: packagePath(
      "Add a directory to lua's package.cpath",
      "Adds a pattern to the places where Lua's require looks for compiled modules.",
    ),
    LuaAuthzProvider: {
      args: 'TAKE3',
      since: 3,
      where: ['RSRC_CONF'],
      execOnRead: true,
      help: 'Provide an authorization provider',
      summary: 'Makes a Lua function a word that Require takes.',
    },
    LuaHookPreTranslateName: fileHook(preTranslateHelp, 'before the URL is translated'),
    '<LuaHookPreTranslateName': section(preTranslateHelp, 'before the URL is translated'),
    LuaHookTranslateName: serverHook(
      'TAKE23',
      translateHelp,
      'Calls a Lua function that maps the URL to a file.',
    ),
    '<LuaHookTranslateName': section(translateHelp, 'when the URL is mapped to a file'),
    LuaHookFixups: fileHook(
      'Provide a hook for the fixups phase of request processing',
      'in the last step before the answer is made',
    ),
    '<LuaHookFixups': section(
      'Provide a inline hook for the fixups phase of request processing',
      'in the last step before the answer is made',
    ),
    LuaHookMapToStorage: fileHook(storageHelp, 'when the file is looked for on disk'),
    '<LuaHookMapToStorage': section(storageHelp, 'when the file is looked for on disk'),
    LuaHookCheckUserID: {
      args: 'TAKE23',
      where: ['All'],
      help: userHelp,
      summary:
        'Calls a function of a Lua file when a name and a password are checked; a third word counts nothing.',
      apply: accepts,
    },
    '<LuaHookCheckUserID': section(userHelp, 'when a name and a password are checked'),
    LuaHookTypeChecker: fileHook(typeHelp, 'when the media type is found out'),
    '<LuaHookTypeChecker': section(typeHelp, 'when the media type is found out'),
    LuaHookAccessChecker: timedHook(accessHelp, 'when access is decided by who is asking'),
    '<LuaHookAccessChecker': section(accessHelp, 'when access is decided by who is asking'),
    LuaHookAuthChecker: timedHook(authHelp, 'when it is decided what a known user may see'),
    '<LuaHookAuthChecker': section(authHelp, 'when it is decided what a known user may see'),
    LuaHookInsertFilter: fileHook(
      'Provide a hook for the insert_filter phase of request processing',
      'to put filters in; Apache refuses it everywhere',
      () => 'LuaHookInsertFilter not yet implemented',
    ),
    LuaHookLog: fileHook(
      'Provide a hook for the logging phase of request processing',
      'when the request is logged',
    ),
    LuaScope: {
      args: 'TAKE123',
      where: ['All'],
      help: 'One of once, request, conn, server -- default is once',
      summary: 'How long a Lua interpreter with its variables lives.',
      values: SCOPES,
      apply(_cmd, _config, scope) {
        if (SCOPES.includes(scope)) return undefined;
        return `Invalid value for LuaScope, '${scope}', acceptable values are: 'once', 'request', 'conn', 'thread', 'server'`;
      },
    },
    LuaInherit: oneOf(
      'LuaInherit',
      'Controls how Lua scripts in parent contexts are merged with the current  context: none|parent-last|parent-first (default: parent-first) ',
      {
        summary: 'Whether the Lua hooks of outer folders run, before or after those of this one.',
        values: ['none', 'parent-first', 'parent-last'],
        listed: "'none', 'parent-first', and 'parent-last'",
      },
    ),
    LuaCodeCache: oneOf(
      'LuaCodeCache',
      'Controls the behavior of the in-memory code cache  context: stat|forever|never (default: stat) ',
      {
        summary: 'When a Lua file is read again: at each change, never, or for each request.',
        values: ['stat', 'forever', 'never'],
        listed: "'never', 'stat', and 'forever'",
      },
    ),
    LuaQuickHandler: serverHook('TAKE2', quickHelp, 'Calls a Lua function before all else.'),
    '<LuaQuickHandler': section(quickHelp, 'before all else'),
    Lua_____ByteCodeHack: {
      args: 'RAW_ARGS',
      where: ['All'],
      help: '(internal) Byte code handler',
      summary: 'For Apache itself: it ends the process when somebody writes it.',
      deprecated: 'Do not write it: every request ends without an answer.',
      apply: accepts,
    },
    LuaMapHandler: serverHook(
      'TAKE23',
      'Maps a path to a lua handler',
      'Has a Lua function answer the URLs of a pattern.',
    ),
    LuaOutputFilter: {
      ...serverHook(
        'TAKE3',
        'Registers a Lua function as an output filter',
        'Makes a Lua function a filter for answers.',
      ),
      since: 5,
    },
    LuaInputFilter: {
      ...serverHook(
        'TAKE3',
        'Registers a Lua function as an input filter',
        'Makes a Lua function a filter for request bodies.',
      ),
      since: 5,
    },
  },
});
