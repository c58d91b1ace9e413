import { defineModule, type ApacheModule } from '../define';
import { createCoreConfig, mergeCoreConfig, type CoreConfig } from './config';
import { contentDirectives } from './content';
import { errorDocument } from './errorDocument';
import { overrideType } from './fixup';
import { options } from './options';
import { sections } from './sections';

export const core: ApacheModule<CoreConfig> = defineModule<CoreConfig>({
  name: 'core',
  createDirConfig: createCoreConfig,
  mergeDirConfig: mergeCoreConfig,
  directives: {
    ...sections,
    ...contentDirectives,
    ErrorDocument: errorDocument,
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
    AccessFileName: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'Name(s) of per-directory config files (default: .htaccess)',
    },
    DocumentRoot: { args: 'TAKE1', where: ['RSRC_CONF'], help: 'Root directory of the document tree' },
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
    StrictHostCheck: {
      args: 'FLAG',
      where: ['RSRC_CONF'],
      help: 'Controls whether a hostname match is required',
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
  hooks: { firstFixups: (r) => overrideType(r, r.perDirConfig.get(core)) },
});
