import { defineModule } from '../define';
import { createCoreConfig, mergeCoreConfig, type CoreConfig } from './config';
import { options } from './options';
import { sections } from './sections';

export const core = defineModule<CoreConfig>({
  name: 'core',
  createDirConfig: createCoreConfig,
  mergeDirConfig: mergeCoreConfig,
  directives: {
    ...sections,
    Options: options,
    '<Directory': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Container for directives affecting resources located in the specified directories',
    },
    '<Location': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Container for directives affecting resources accessed through the specified URL paths',
    },
    '<VirtualHost': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Container to map directives to a particular virtual host, takes one or more host addresses',
    },
    '<DirectoryMatch': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Container for directives affecting resources located in the specified directories',
    },
    '<LocationMatch': {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Container for directives affecting resources accessed through the specified URL paths',
    },
    AddDefaultCharset: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: "The name of the default charset to add to any Content-Type without one or 'Off' to disable",
    },
    AcceptPathInfo: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'Set to on or off for PATH_INFO to be accepted by handlers, or default for the per-handler preference',
    },
    Define: {
      args: 'TAKE12',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      execOnRead: true,
      help: 'Define a variable, optionally to a value.  Same as passing -D to the command line.',
    },
    UnDefine: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      execOnRead: true,
      help: 'Undefine the existence of a variable. Undo a Define.',
    },
    Error: { args: 'RAW_ARGS', where: ['All'], help: 'Generate error message from within configuration' },
    AccessFileName: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Name(s) of per-directory config files (default: .htaccess)',
    },
    DocumentRoot: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Root directory of the document tree' },
    ErrorDocument: { args: 'TAKE2', where: ['FileInfo'], help: 'Change responses for HTTP errors' },
    AllowOverride: {
      args: 'RAW_ARGS',
      where: ['ACCESS_CONF'],
      help: 'Controls what groups of directives can be configured by per-directory config files',
    },
    AllowOverrideList: {
      args: 'TAKE_ARGV',
      where: ['ACCESS_CONF'],
      help: 'Controls what individual directives can be configured by per-directory config files',
    },
    DefaultType: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'the default media type for otherwise untyped files (DEPRECATED)',
    },
    FileETag: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: "Specify components used to construct a file's ETag",
    },
    EnableMMAP: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'Controls whether memory-mapping may be used to read files',
    },
    EnableSendfile: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'Controls whether sendfile may be used to transmit files',
    },
    ReadBufferSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Size (in bytes) of the memory buffers used to read data',
    },
    FlushMaxThreshold: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum threshold above which pending data are flushed to the network',
    },
    FlushMaxPipelined: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum number of pipelined responses (pending) above which they are flushed to the network',
    },
    Protocol: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Set the Protocol for httpd to use.' },
    AcceptFilter: {
      args: 'TAKE2',
      where: ['RSRC_CONF'],
      help: 'Set the Accept Filter to use for a protocol',
    },
    Port: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Port was replaced with Listen in Apache 2.0' },
    HostnameLookups: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: '"on" to enable, "off" to disable reverse DNS lookups, or "double" to enable double-reverse DNS lookups',
    },
    ServerAdmin: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The email address of the server administrator',
    },
    ServerName: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'The hostname and port of the server' },
    ServerSignature: { args: 'TAKE1', where: ['All'], help: 'En-/disable server signature (on|off|email)' },
    ServerRoot: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      execOnRead: true,
      help: 'Common directory of server-related files (logs, confs, etc.)',
    },
    DefaultRuntimeDir: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      execOnRead: true,
      help: 'Common directory for run-time files (shared memory, locks, etc.)',
    },
    ErrorLog: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'The filename of the error log' },
    ErrorLogFormat: { args: 'TAKE12', where: ['RSRC_CONF'], help: 'Format string for the ErrorLog' },
    ServerAlias: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'A name or names alternately used to access the server',
    },
    ServerPath: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'The pathname the server can be reached at' },
    Timeout: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Timeout duration (sec)' },
    ContentDigest: {
      args: 'FLAG',
      where: ['Options'],
      help: 'whether or not to send a Content-MD5 header with each request',
    },
    UseCanonicalName: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'How to work out the ServerName : Port when constructing URLs',
    },
    UseCanonicalPhysicalPort: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Whether to use the physical Port when constructing URLs',
    },
    Include: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      execOnRead: true,
      help: 'Name(s) of the config file(s) to be included; fails if the wildcard does not match at least one file',
    },
    IncludeOptional: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      execOnRead: true,
      help: 'Name or pattern of the config file(s) to be included; ignored if the file does not exist or the pattern does not match any files',
    },
    LogLevel: {
      args: 'ITERATE',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Level of verbosity in error logging',
    },
    NameVirtualHost: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'A numeric IP address:port, or the name of a host',
    },
    ServerTokens: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Determine tokens displayed in the Server: header - Min(imal), Major, Minor, Prod(uctOnly), OS, or Full',
    },
    LimitRequestLine: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Limit on maximum size of an HTTP request line',
    },
    LimitRequestFieldsize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Limit on maximum size of an HTTP request header field',
    },
    LimitRequestFields: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Limit (0 = unlimited) on max number of header fields in a request message',
    },
    LimitRequestBody: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Limit (in bytes) on maximum size of request message body',
    },
    LimitXMLRequestBody: {
      args: 'TAKE1',
      where: ['All'],
      help: 'Limit (in bytes) on maximum size of an XML-based request body',
    },
    Mutex: { args: 'RAW_ARGS', where: ['RSRC_CONF'], help: 'mutex (or "default") and mechanism' },
    MaxRanges: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Maximum number of Ranges in a request before returning the entire resource, or 0 for unlimited',
    },
    MaxRangeOverlaps: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Maximum number of overlaps in Ranges in a request before returning the entire resource, or 0 for unlimited',
    },
    MaxRangeReversals: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'Maximum number of reversals in Ranges in a request before returning the entire resource, or 0 for unlimited',
    },
    RLimitCPU: { args: 'TAKE12', where: ['All'], help: 'Soft/hard limits for max CPU usage in seconds' },
    RLimitMEM: { args: 'TAKE12', where: ['All'], help: 'Soft/hard limits for max memory usage per process' },
    RLimitNPROC: {
      args: 'TAKE12',
      where: ['All'],
      help: 'soft/hard limits for max number of processes per uid',
    },
    RegexDefaultOptions: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: "default options for regexes (prefixed by '+' to add, '-' to del)",
    },
    LimitInternalRecursion: {
      args: 'TAKE12',
      where: ['RSRC_CONF'],
      help: 'maximum recursion depth of internal redirects and subrequests',
    },
    CGIPassAuth: {
      args: 'FLAG',
      where: ['AuthConfig'],
      help: 'Controls whether HTTP authorization headers, normally hidden, will be passed to scripts',
    },
    CGIVar: { args: 'TAKE2', where: ['FileInfo'], help: 'Controls how some CGI variables are set' },
    QualifyRedirectURL: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'Controls whether the REDIRECT_URL environment variable is fully qualified',
    },
    StrictHostCheck: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Controls whether a hostname match is required',
    },
    ForceType: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'a mime type that overrides other configured type',
    },
    SetHandler: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'a handler name that overrides any other configured handler',
    },
    SetOutputFilter: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'filter (or ; delimited list of filters) to be run on the request content',
    },
    SetInputFilter: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'filter (or ; delimited list of filters) to be run on the request body',
    },
    AllowEncodedSlashes: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Allow URLs containing '/' encoded as '%2F'",
    },
    ScoreBoardFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'A file for Apache to maintain runtime process management information',
    },
    ExtendedStatus: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: '"On" to track extended status information, "Off" to disable',
    },
    SeeRequestTail: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'For extended status, "On" to see the last 63 chars of the request line, "Off" (default) to see the first 63',
    },
    PidFile: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'A file for logging the server process ID' },
    MaxRequestsPerChild: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum number of connections a particular child serves before dying. (DEPRECATED, use MaxConnectionsPerChild)',
    },
    MaxConnectionsPerChild: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Maximum number of connections a particular child serves before dying.',
    },
    CoreDumpDirectory: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'The location of the directory Apache changes to before dumping core',
    },
    MaxMemFree: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "Maximum number of 1k blocks a particular child's allocator may hold.",
    },
    ThreadStackSize: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: 'Size in bytes of stack used by threads handling client connections',
    },
    TraceEnable: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "'on' (default), 'off' or 'extended' to trace request body content",
    },
    MergeTrailers: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'merge request trailers into request headers or not',
    },
    Protocols: { args: 'ITERATE', where: ['RSRC_CONF'], help: 'Controls which protocols are allowed' },
    ProtocolsHonorOrder: {
      args: 'TAKE1',
      where: ['RSRC_CONF'],
      help: "'off' (default) or 'on' to respect given order of protocols, by default the client specified order determines selection",
    },
    HttpProtocolOptions: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: "'Allow0.9' or 'Require1.0' (default); 'RegisteredMethods' or 'LenientMethods' (default); 'Unsafe' or 'Strict' (default). Sets HTTP acceptance rules",
    },
    RegisterHttpMethod: {
      args: 'ITERATE',
      where: ['RSRC_CONF'],
      help: 'Registers non-standard HTTP methods',
    },
    MergeSlashes: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Controls whether consecutive slashes in the URI path are merged',
    },
  },
});
