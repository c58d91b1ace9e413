/** Project files that both the parser and the editor's JSON schema must take without a word. */
export const GOOD: Readonly<Record<string, unknown>> = {
  empty: {},
  'the plain site': { documentRoot: 'public_html', dispatcher: 'public_html/dispatch.fcgi' },
  'a preset': { host: 'no-options' },
  'a described host': {
    host: {
      apache: '2.4.62',
      fcgid: null,
      modules: ['core', 'mod_rewrite'],
      allowOverrideOptions: ['Indexes'],
      port: 443,
    },
  },
  'all options': {
    host: { allowOverrideOptions: 'all', useCanonicalName: 'DNS', environment: { PATH: '/bin' } },
  },
  'directives of other modules': { host: { directives: ['Passenger*', 'php_value', 'Require shib-*'] } },
  'the group of the files': { host: { fileModes: 'group' } },
  'a runner': { runner: { port: 0, processes: 4, environment: { DEBUG: '1' }, requestTimeout: 10 } },
  'a runner for PHP and CGI': {
    runner: {
      mode: 'faithful',
      handlers: { '.php': 'php-cgi -d display_errors=1', '.pl': 'cgi', 'x-app': ['/opt/my app/run', '-x'] },
      accessLog: 'logs/access.log',
    },
  },
  'an alias': {
    targets: { production: { ssh: 'web', path: '/home/me/public_html' } },
    defaultTarget: 'production',
    advice: { 'redirect.query-in-path': 'off', 'rewrite.loop': 'error' },
  },
  'an address': {
    targets: {
      test: {
        ssh: { host: '203.0.113.7', port: 2222, user: 'me', identityFile: '~/.ssh/id_ed25519' },
        path: 'public_html',
        url: 'https://www.example.org/@me',
        log: '/home/me/logs/error.log',
        ignore: ['*.psd', '/drafts'],
        modes: { files: '640', programs: '0750', folders: '711' },
        reload: { command: 'killall -u me python3' },
      },
    },
  },
  'every way to reload': {
    targets: Object.fromEntries(
      ['auto', 'replace', 'touch', 'restart-file'].map((reload) => [
        reload,
        { ssh: 'a', path: '/a', reload },
      ]),
    ),
  },
  'a schema address': { $schema: 'https://example.org/schema.json' },
};

/** Project files with one mistake each: what it is in, and where. */
export const BAD: Readonly<
  Record<string, { readonly value: unknown; readonly path: readonly (string | number)[] }>
> = {
  'no object': { value: [], path: [] },
  'a number': { value: 4, path: [] },
  'an unknown field': { value: { documentRot: '.' }, path: ['documentRot'] },
  'a root above': { value: { documentRoot: 'a/../../b' }, path: ['documentRoot'] },
  'an absolute root': { value: { documentRoot: '/var/www' }, path: ['documentRoot'] },
  'a Windows path': { value: { dispatcher: 'C:\\site\\dispatch.fcgi' }, path: ['dispatcher'] },
  'an unknown preset': { value: { host: 'my-host' }, path: ['host'] },
  'a version that is none': { value: { host: { apache: 'latest' } }, path: ['host', 'apache'] },
  'a text for a list': { value: { host: { modules: 'mod_rewrite' } }, path: ['host', 'modules'] },
  'a wrong item': { value: { host: { modules: ['core', 7] } }, path: ['host', 'modules', 1] },
  'the root of the server': { value: { host: { treeRoot: '/' } }, path: ['host', 'treeRoot'] },
  'a slash at the end': { value: { host: { treeRoot: '/site/' } }, path: ['host', 'treeRoot'] },
  'some options as text': {
    value: { host: { allowOverrideOptions: 'some' } },
    path: ['host', 'allowOverrideOptions'],
  },
  'no name of a directive': { value: { host: { directives: ['<If>'] } }, path: ['host', 'directives', 0] },
  'another owner of the files': { value: { host: { fileModes: 'owner' } }, path: ['host', 'fileModes'] },
  'a number for the owner': { value: { host: { fileModes: 1 } }, path: ['host', 'fileModes'] },
  'a high port': { value: { runner: { port: 70_000 } }, path: ['runner', 'port'] },
  'half a process': { value: { runner: { processes: 1.5 } }, path: ['runner', 'processes'] },
  'an unknown mode': { value: { runner: { mode: 'strict' } }, path: ['runner', 'mode'] },
  'a handler without a program': {
    value: { runner: { handlers: { '.php': ' ' } } },
    path: ['runner', 'handlers', '.php'],
  },
  'a log outside': { value: { runner: { accessLog: '../access.log' } }, path: ['runner', 'accessLog'] },
  'no process': { value: { runner: { processes: 0 } }, path: ['runner', 'processes'] },
  'a number in the environment': {
    value: { runner: { environment: { A: 1 } } },
    path: ['runner', 'environment', 'A'],
  },
  'files that others may write': {
    value: { targets: { p: { ssh: 'web', path: '/a', modes: { files: '664' } } } },
    path: ['targets', 'p', 'modes', 'files'],
  },
  'programs that cannot be run': {
    value: { targets: { p: { ssh: 'web', path: '/a', modes: { programs: '644' } } } },
    path: ['targets', 'p', 'modes', 'programs'],
  },
  'folders with a bit too many': {
    value: { targets: { p: { ssh: 'web', path: '/a', modes: { folders: '2755' } } } },
    path: ['targets', 'p', 'modes', 'folders'],
  },
  'a target without path': { value: { targets: { p: { ssh: 'web' } } }, path: ['targets', 'p', 'path'] },
  'an option as a host': {
    value: { targets: { p: { ssh: '-oProxyCommand=x', path: '/a' } } },
    path: ['targets', 'p', 'ssh'],
  },
  'an option as an address': {
    value: { targets: { p: { ssh: { host: '-F/x' }, path: '/a' } } },
    path: ['targets', 'p', 'ssh', 'host'],
  },
  'a key itself': {
    value: {
      targets: { p: { ssh: { host: 'h', identityFile: '-----BEGIN OPENSSH PRIVATE KEY-----' }, path: '/a' } },
    },
    path: ['targets', 'p', 'ssh', 'identityFile'],
  },
  'a password in the address': {
    value: { targets: { p: { ssh: 'web', path: '/a', url: 'https://me:secret@example.org/' } } },
    path: ['targets', 'p', 'url'],
  },
  'another protocol': {
    value: { targets: { p: { ssh: 'web', path: '/a', url: 'ftp://example.org/' } } },
    path: ['targets', 'p', 'url'],
  },
  'an unknown reload': {
    value: { targets: { p: { ssh: 'web', path: '/a', reload: 'reboot' } } },
    path: ['targets', 'p', 'reload'],
  },
  'a reload without command': {
    value: { targets: { p: { ssh: 'web', path: '/a', reload: {} } } },
    path: ['targets', 'p', 'reload', 'command'],
  },
  'a line break in a path': {
    value: { targets: { p: { ssh: 'web', path: '/a\n/b' } } },
    path: ['targets', 'p', 'path'],
  },
  'a secret': {
    value: { targets: { p: { ssh: 'web', path: '/a', password: 'hunter2' } } },
    path: ['targets', 'p', 'password'],
  },
  'a secret deeper': {
    value: { targets: { p: { ssh: { host: 'h', private_key: 'hunter2' }, path: '/a' } } },
    path: ['targets', 'p', 'ssh', 'private_key'],
  },
};
