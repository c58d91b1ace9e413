import { defineModule } from './define';

export const mod_fcgid = defineModule({
  name: 'mod_fcgid',
  directives: {
    FcgidAccessChecker: {
      args: 'TAKE1',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: 'a absolute access checker file path',
    },
    FcgidAccessCheckerAuthoritative: {
      args: 'FLAG',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: "Set to 'off' to allow access control to be passed along to lower modules upon failure",
    },
    FcgidAuthenticator: {
      args: 'TAKE1',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: 'a absolute authenticator file path',
    },
    FcgidAuthenticatorAuthoritative: {
      args: 'FLAG',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: "Set to 'off' to allow authentication to be passed along to lower modules upon failure",
    },
    FcgidAuthorizer: {
      args: 'TAKE1',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: 'a absolute authorizer file path',
    },
    FcgidAuthorizerAuthoritative: {
      args: 'FLAG',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: "Set to 'off' to allow authorization to be passed along to lower modules upon failure",
    },
    FcgidBusyScanInterval: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'scan interval for busy timeout process',
    },
    FcgidBusyTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'a fastcgi application will be killed after handling a request for BusyTimeout',
    },
    FcgidCmdOptions: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'set processing options for a FastCGI command',
    },
    FcgidInitialEnv: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'an environment variable name and optional value to pass to FastCGI.',
    },
    FcgidMaxProcessesPerClass: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Max process count of one class of fastcgi application',
    },
    FcgidMinProcessesPerClass: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Min process count of one class of fastcgi application',
    },
    FcgidErrorScanInterval: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'scan interval for exited process' },
    FcgidIdleScanInterval: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'scan interval for idle timeout process',
    },
    FcgidIdleTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'an idle fastcgi application will be killed after IdleTimeout',
    },
    FcgidIOTimeout: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Communication timeout to fastcgi server' },
    FcgidConnectTimeout: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Connect timeout to fastcgi server' },
    FcgidMaxProcesses: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Max total process count' },
    FcgidMaxRequestInMem: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The part of HTTP request which greater than this limit will swap to disk',
    },
    FcgidMaxRequestLen: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Max HTTP request length in byte' },
    FcgidMaxRequestsPerProcess: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Max requests handled by each fastcgi application',
    },
    FcgidOutputBufferSize: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'CGI output buffer size' },
    FcgidPassHeader: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Header name which will be passed to FastCGI as environment variable.',
    },
    FcgidFixPathinfo: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Set 1, if cgi.fix_pathinfo=1 in php.ini',
    },
    FcgidProcessLifeTime: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'fastcgi application lifetime' },
    FcgidProcessTableFile: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'fastcgi shared memory file path' },
    FcgidIPCDir: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'fastcgi socket file path' },
    FcgidSpawnScore: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Score of spawn' },
    FcgidSpawnScoreUpLimit: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Spawn score up limit' },
    FcgidTerminationScore: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Score of termination' },
    FcgidTimeScore: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Score of passage of time (in seconds)' },
    FcgidWrapper: {
      args: 'TAKE123',
      where: ['FileInfo', 'RSRC_CONF', 'ACCESS_CONF'],
      help: 'The CGI wrapper file an optional URL suffix and an optional flag',
    },
    FcgidZombieScanInterval: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'scan interval for zombie process',
    },
    BusyScanInterval: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidBusyScanInterval' instead",
    },
    BusyTimeout: { args: 'TAKE1', where: ['RSRC_CONF'], help: "Deprecated - Use 'FcgidBusyTimeout' instead" },
    DefaultInitEnv: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidInitialEnv' instead",
    },
    DefaultMaxClassProcessCount: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidMaxProcessesPerClass' instead",
    },
    DefaultMinClassProcessCount: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidMinProcessesPerClass' instead",
    },
    ErrorScanInterval: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidErrorScanInterval' instead",
    },
    FastCgiAccessChecker: {
      args: 'TAKE1',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: "Deprecated - Use 'FcgidAccessChecker' instead",
    },
    FastCgiAccessCheckerAuthoritative: {
      args: 'FLAG',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: "Deprecated - Use 'FcgidAccessCheckerAuthoritative' instead",
    },
    FastCgiAuthenticator: {
      args: 'TAKE1',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: "Deprecated - Use 'FcgidAuthenticator' instead",
    },
    FastCgiAuthenticatorAuthoritative: {
      args: 'FLAG',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: "Deprecated - Use 'FcgidAuthenticatorAuthoritative' instead",
    },
    FastCgiAuthorizer: {
      args: 'TAKE1',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: "Deprecated - Use 'FcgidAuthorizer' instead",
    },
    FastCgiAuthorizerAuthoritative: {
      args: 'FLAG',
      where: ['FileInfo', 'ACCESS_CONF'],
      help: "Deprecated - Use 'FcgidAuthorizerAuthoritative' instead",
    },
    FCGIWrapper: {
      args: 'TAKE123',
      where: ['FileInfo', 'RSRC_CONF', 'ACCESS_CONF'],
      help: "Deprecated - Use 'FcgidWrapper' instead",
    },
    IdleScanInterval: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidIdleScanInterval' instead",
    },
    IdleTimeout: { args: 'TAKE1', where: ['RSRC_CONF'], help: "Deprecated - Use 'FcgidIdleTimeout' instead" },
    IPCCommTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidIOTimeout' instead",
    },
    IPCConnectTimeout: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidConnectTimeout' instead",
    },
    MaxProcessCount: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidMaxProcesses' instead",
    },
    MaxRequestInMem: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidMaxRequestInMem' instead",
    },
    MaxRequestLen: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidMaxRequestLen' instead",
    },
    MaxRequestsPerProcess: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidMaxRequestsPerProcess' instead",
    },
    OutputBufferSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidOutputBufferSize' instead",
    },
    PassHeader: { args: 'TAKE1', where: ['RSRC_CONF'], help: "Deprecated - Use 'FcgidPassHeader' instead" },
    PHP_Fix_Pathinfo_Enable: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidFixPathinfo' instead",
    },
    ProcessLifeTime: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidProcessLifeTime' instead",
    },
    SharememPath: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidProcessTableFile' instead",
    },
    SocketPath: { args: 'TAKE1', where: ['RSRC_CONF'], help: "Deprecated - Use 'FcgidIPCDir' instead" },
    SpawnScore: { args: 'TAKE1', where: ['RSRC_CONF'], help: "Deprecated - Use 'FcgidSpawnScore' instead" },
    SpawnScoreUpLimit: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidSpawnScoreUpLimit' instead",
    },
    TerminationScore: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidTerminationScore' instead",
    },
    TimeScore: { args: 'TAKE1', where: ['RSRC_CONF'], help: "Deprecated - Use 'FcgidTimeScore' instead" },
    ZombieScanInterval: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Deprecated - Use 'FcgidZombieScanInterval' instead",
    },
  },
});
