import { defineModule } from './define';

export const mod_lua = defineModule({
  name: 'mod_lua',
  directives: {
    LuaRoot: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Specify the base path for resolving relative paths for mod_lua directives',
    },
    LuaPackagePath: { args: 'TAKE1', where: ['All'], help: "Add a directory to lua's package.path" },
    LuaPackageCPath: { args: 'TAKE1', where: ['All'], help: "Add a directory to lua's package.cpath" },
    LuaAuthzProvider: {
      args: 'TAKE3',
      where: ['RSRC_CONF'],
      execOnRead: true,
      help: 'Provide an authorization provider',
    },
    LuaHookPreTranslateName: {
      args: 'TAKE2',
      where: ['All'],
      help: 'Provide a hook for the pre_translate name phase of request processing',
    },
    '<LuaHookPreTranslateName': {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Provide a hook for the pre_translate name phase of request processing',
    },
    LuaHookTranslateName: {
      args: 'TAKE23',
      where: ['All'],
      help: 'Provide a hook for the translate name phase of request processing',
    },
    '<LuaHookTranslateName': {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Provide a hook for the translate name phase of request processing',
    },
    LuaHookFixups: {
      args: 'TAKE2',
      where: ['All'],
      help: 'Provide a hook for the fixups phase of request processing',
    },
    '<LuaHookFixups': {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Provide a inline hook for the fixups phase of request processing',
    },
    LuaHookMapToStorage: {
      args: 'TAKE2',
      where: ['All'],
      help: 'Provide a hook for the map_to_storage phase of request processing',
    },
    '<LuaHookMapToStorage': {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Provide a hook for the map_to_storage phase of request processing',
    },
    LuaHookCheckUserID: {
      args: 'TAKE23',
      where: ['All'],
      help: 'Provide a hook for the check_user_id phase of request processing',
    },
    '<LuaHookCheckUserID': {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Provide a hook for the check_user_id phase of request processing',
    },
    LuaHookTypeChecker: {
      args: 'TAKE2',
      where: ['All'],
      help: 'Provide a hook for the type_checker phase of request processing',
    },
    '<LuaHookTypeChecker': {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Provide a hook for the type_checker phase of request processing',
    },
    LuaHookAccessChecker: {
      args: 'TAKE23',
      where: ['All'],
      help: 'Provide a hook for the access_checker phase of request processing',
    },
    '<LuaHookAccessChecker': {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Provide a hook for the access_checker phase of request processing',
    },
    LuaHookAuthChecker: {
      args: 'TAKE23',
      where: ['All'],
      help: 'Provide a hook for the auth_checker phase of request processing',
    },
    '<LuaHookAuthChecker': {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Provide a hook for the auth_checker phase of request processing',
    },
    LuaHookInsertFilter: {
      args: 'TAKE2',
      where: ['All'],
      help: 'Provide a hook for the insert_filter phase of request processing',
    },
    LuaHookLog: {
      args: 'TAKE2',
      where: ['All'],
      help: 'Provide a hook for the logging phase of request processing',
    },
    LuaScope: {
      args: 'TAKE123',
      where: ['All'],
      help: 'One of once, request, conn, server -- default is once',
    },
    LuaInherit: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Controls how Lua scripts in parent contexts are merged with the current  context: none|parent-last|parent-first (default: parent-first) ',
    },
    LuaCodeCache: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Controls the behavior of the in-memory code cache  context: stat|forever|never (default: stat) ',
    },
    LuaQuickHandler: {
      args: 'TAKE2',
      where: ['All'],
      help: 'Provide a hook for the quick handler of request processing',
    },
    '<LuaQuickHandler': {
      args: 'RAW_ARGS',
      where: ['All'],
      execOnRead: true,
      help: 'Provide a hook for the quick handler of request processing',
    },
    Lua_____ByteCodeHack: { args: 'RAW_ARGS', where: ['All'], help: '(internal) Byte code handler' },
    LuaMapHandler: { args: 'TAKE23', where: ['All'], help: 'Maps a path to a lua handler' },
    LuaOutputFilter: { args: 'TAKE3', where: ['All'], help: 'Registers a Lua function as an output filter' },
    LuaInputFilter: { args: 'TAKE3', where: ['All'], help: 'Registers a Lua function as an input filter' },
  },
});
