import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a fault is set up: the site on this machine, and the same site as it was uploaded. */
export interface FaultySite {
  readonly local: string;
  readonly remote: string;
}

export interface Fault {
  readonly name: string;
  /** Codes of findings, any of which is the true cause. */
  readonly cause: RegExp;
  /** Breaks the site on the server; what the author's machine shares is broken in both. */
  readonly breaks: (site: FaultySite) => void;
  /** Done after the site has answered once: a process runs then. */
  readonly later?: (site: FaultySite) => void;
  /** Apache runs the program as the account, as suEXEC does: its processes can be seen. */
  readonly asAccount?: boolean;
  /** Changes of the target: another address, another account. */
  readonly target?: Readonly<Record<string, unknown>>;
  /** Seconds for which Apache waits for the program; 3 when absent. */
  readonly patience?: number;
  /** Directives of the virtual host, in its Directory section. */
  readonly directory?: string;
}

const dispatcher = ({ remote }: FaultySite) => join(remote, 'dispatch.fcgi');
const rewrite = (file: string, change: (text: string) => string, mode = 0o755): void => {
  const text = readFileSync(file, 'latin1');
  rmSync(file);
  writeFileSync(file, change(text), { encoding: 'latin1', mode });
  chmodSync(file, mode);
};
/** A change of the dispatcher on the server alone. */
export const onServer = (change: (text: string) => string) => (site: FaultySite) =>
  rewrite(dispatcher(site), change);
const rules =
  (text: string) =>
  ({ local, remote }: FaultySite) => {
    for (const root of [local, remote]) rewrite(join(root, '.htaccess'), (old) => text + old, 0o644);
  };
const app =
  (text: string) =>
  ({ local, remote }: FaultySite) => {
    for (const root of [local, remote]) writeFileSync(join(root, 'app.py'), text);
  };

const answering = (body: string) =>
  `def application(environ, start_response):\n${body.replaceAll(/^/gm, '    ')}\n`;
const hello = "start_response('200 OK', [('Content-Type', 'text/plain')])\nreturn [b'Hello']";

/** FastCGI in the smallest form: one request after the other, one connection each, as mod_fcgid asks. */
const FCGI = `import socket, struct, sys, traceback

def record(kind, content=b''):
    return struct.pack('!BBHHBx', 1, kind, 1, len(content), 0) + content

def read(stream):
    head = stream.read(8)
    if len(head) < 8:
        return 0, b''
    _, kind, _, length, padding = struct.unpack('!BBHHBx', head)
    content = stream.read(length)
    stream.read(padding)
    return kind, content

def serve(application):
    listener = socket.socket(fileno=0)
    while True:
        connection, _ = listener.accept()
        stream = connection.makefile('rwb')
        kind, content = read(stream)
        while kind and not (kind == 5 and content == b''):
            kind, content = read(stream)
        raw = []
        head = []
        body = b''.join(application({'fcgi.raw': raw.append}, lambda status, headers: head.extend([status, headers])))
        if raw:
            answer = b''.join(raw)
        else:
            lines = ['Status: ' + head[0]] + ['%s: %s' % pair for pair in head[1]]
            answer = '\\r\\n'.join(lines + ['', '']).encode() + body
        stream.write(record(6, answer) + record(6) + record(3, struct.pack('!IB3x', 0, 0)))
        stream.close()
        connection.close()
`;

/** A site that works: a rule, a dispatcher, an application. */
export const GOOD = {
  'dispatch.fcgi':
    '#!/usr/bin/env python3\nimport fcgi\nfrom app import application\n\nfcgi.serve(application)\n',
  'fcgi.py': FCGI,
  '.htaccess':
    'RewriteEngine On\nRewriteCond %{REQUEST_URI} !dispatch.fcgi\nRewriteRule ^(.*)$ dispatch.fcgi/$1 [QSA,L]\n',
  'app.py': answering(hello),
};

export const FAULTS: readonly Fault[] = [
  {
    name: 'Windows line ends, interpreter by path',
    cause: /^dispatcher\.crlf$/,
    breaks: onServer((text) =>
      text.replace('#!/usr/bin/env python3', '#!/usr/bin/python3').replaceAll('\n', '\r\n'),
    ),
  },
  {
    name: 'Windows line ends, interpreter by env',
    cause: /^dispatcher\.crlf$/,
    breaks: onServer((text) => text.replaceAll('\n', '\r\n')),
  },
  {
    name: 'a byte order mark',
    cause: /^dispatcher\.bom$/,
    breaks: onServer((text) => `\xEF\xBB\xBF${text}`),
  },
  {
    name: 'UTF-16',
    cause: /^dispatcher\.utf-?16$/,
    breaks: onServer((text) => `\xFF\xFE${text.replaceAll(/[^]/g, '$&\0')}`),
  },
  {
    name: 'not executable',
    cause: /^dispatcher\.not-executable$/,
    breaks: (site) => chmodSync(dispatcher(site), 0o644),
  },
  {
    name: 'interpreter that is not there',
    cause: /^dispatcher\.no-interpreter$/,
    breaks: onServer((text) => text.replace('#!/usr/bin/env python3', '#!/opt/nowhere/python3')),
  },
  {
    name: 'env interpreter that is not there',
    cause: /^dispatcher\.no-interpreter$/,
    breaks: onServer((text) => text.replace('env python3', 'env python9')),
  },
  {
    name: 'no first line',
    cause: /^dispatcher\.no-shebang$/,
    breaks: onServer((text) => text.replace(/^#!.*\n/, '')),
  },
  {
    name: 'dispatcher missing',
    cause: /^dispatcher\.missing$/,
    breaks: (site) => unlinkSync(dispatcher(site)),
  },
  {
    name: 'dispatcher is a link to nothing',
    cause: /^dispatcher\.(missing|no-file)$/,
    breaks: (site) => {
      unlinkSync(dispatcher(site));
      symlinkSync('nowhere', dispatcher(site));
    },
  },
  {
    name: 'dispatcher is a folder',
    cause: /^dispatcher\.no-file$/,
    breaks: (site) => {
      unlinkSync(dispatcher(site));
      mkdirSync(dispatcher(site));
    },
  },
  {
    name: 'not readable for the web server',
    cause: /^dispatcher\.not-readable$|python\.cannot-open/,
    breaks: (site) => chmodSync(dispatcher(site), 0o711),
  },
  {
    name: 'folder closed to the web server',
    cause: /^files\.closed-folder$/,
    breaks: ({ remote }) => chmodSync(remote, 0o700),
  },
  {
    name: '.htaccess not readable',
    cause: /^htaccess\.not-readable$/,
    breaks: ({ remote }) => chmodSync(join(remote, '.htaccess'), 0o600),
  },
  {
    name: 'unknown directive',
    cause: /^htaccess\.refused$|htaccess\.invalid-command/,
    breaks: rules('RewritEngine On\n'),
  },
  {
    name: 'directive that may not stand there',
    cause: /^htaccess\.refused$|htaccess\.not-allowed/,
    breaks: rules('FcgidMaxRequestLen 5\n'),
  },
  { name: 'bad pattern', cause: /^htaccess\.refused$/, breaks: rules('RewriteRule ^(a - \n') },
  { name: 'section not closed', cause: /^htaccess\.refused$/, breaks: rules('<Files x>\n') },
  {
    name: 'option that the host forbids',
    cause: /option-not-allowed/,
    breaks: rules('Options +Indexes\n'),
    directory: 'AllowOverride FileInfo AuthConfig Limit Indexes Options=ExecCGI',
  },
  {
    name: 'overrides that the host forbids',
    cause: /not-allowed/,
    breaks: rules('AuthType Basic\n'),
    directory: 'AllowOverride FileInfo',
  },
  { name: 'ExecCGI taken away', cause: /no-execcgi/, breaks: rules('Options -ExecCGI\n') },
  {
    name: 'rule in a circle',
    cause: /redirect-loop/,
    breaks: ({ local, remote }) => {
      for (const root of [local, remote])
        writeFileSync(join(root, '.htaccess'), 'RewriteEngine On\nRewriteRule ^(.*)$ x/$1\n');
    },
  },
  {
    name: 'wrapper that is not there',
    cause: /htaccess\.refused|wrapper-missing/,
    breaks: rules('FcgidWrapper /opt/nope/python .fcgi\n'),
  },
  {
    name: 'module that is not installed',
    cause: /missing-module/,
    breaks: app(`import not_there_module\n${GOOD['app.py']}`),
  },
  { name: 'syntax error', cause: /syntax-error|python\.exception/, breaks: app('def application(:\n') },
  {
    name: 'error while loading',
    cause: /python\.exception/,
    breaks: app(`{}['no such key']\n${GOOD['app.py']}`),
  },
  {
    name: 'error in a request',
    cause: /python\.exception/,
    breaks: app(answering("raise ValueError('no such row')")),
  },
  {
    name: 'file that was not uploaded',
    cause: /missing-module/,
    breaks: ({ local, remote }) => {
      for (const root of [local, remote])
        writeFileSync(join(root, 'app.py'), `import models_of_site\n${GOOD['app.py']}`);
      writeFileSync(join(local, 'models_of_site.py'), 'x = 1\n');
    },
  },
  {
    name: 'program that ends at once',
    cause: /died-at-start|fcgid\.exit/,
    breaks: app('raise SystemExit(0)\n'),
  },
  {
    name: 'plain CGI program',
    cause: /plain-cgi/,
    breaks: app(
      "print('Content-Type: text/html')\nprint()\nprint('Hello')\nimport sys\nsys.stdout.flush()\nimport os\nos._exit(0)\n",
    ),
  },
  {
    name: 'program that ends in a request',
    cause: /died-in-request/,
    breaks: app(answering('import os\nos._exit(3)')),
  },
  {
    name: 'program that is killed in a request',
    cause: /died-in-request/,
    breaks: app(answering('import os\nos.kill(os.getpid(), 9)')),
  },
  {
    name: 'program that is silent',
    cause: /read-timeout/,
    breaks: app(answering('import time\ntime.sleep(8)\nreturn []')),
  },
  {
    name: 'text before the headers',
    cause: /malformed-header/,
    breaks: app(
      "import os\n_real = os.environ\ndef application(environ, start_response):\n    environ['fcgi.raw'](b'debug output without a colon\\n\\n')\n    return []\n",
    ),
  },
  {
    name: 'status that is none',
    cause: /invalid-status/,
    breaks: app(
      "def application(environ, start_response):\n    environ['fcgi.raw'](b'Status: abc\\nContent-Type: text/html\\n\\nx')\n    return []\n",
    ),
  },
  {
    name: 'header without an end',
    cause: /premature-end/,
    breaks: app(
      "def application(environ, start_response):\n    environ['fcgi.raw'](b'X-A: b\\n')\n    return []\n",
    ),
  },
  {
    name: 'password file that is not there',
    cause: /password-file/,
    breaks: rules('AuthType Basic\nAuthName x\nAuthUserFile /nowhere/.htpasswd\nRequire valid-user\n'),
  },
  { name: 'closed by a rule of its own', cause: /core\.denied/, breaks: rules('Require all denied\n') },
  {
    name: 'no start page',
    cause: /core\.no-index/,
    breaks: ({ local, remote }) => {
      for (const root of [local, remote]) {
        writeFileSync(join(root, '.htaccess'), 'Options -Indexes\n');
        writeFileSync(join(root, 'other.html'), 'x');
      }
    },
  },
  {
    name: '.htaccess not uploaded',
    cause: /files\.not-uploaded|web\.other-answer/,
    breaks: ({ remote }) => unlinkSync(join(remote, '.htaccess')),
  },
  {
    name: 'old code runs',
    cause: /^processes\.old-code$/,
    asAccount: true,
    breaks: () => undefined,
    later: app(GOOD['app.py'].replace('Hello', 'Hello again')),
  },
  {
    name: 'folder of the site missing',
    cause: /^files\.no-folder$/,
    breaks: () => undefined,
    target: { path: '/nowhere/public_html' },
  },
  {
    name: 'web server down',
    cause: /^web\.unreachable$/,
    breaks: () => undefined,
    target: { url: 'http://127.0.0.1:9/' },
  },
  {
    name: 'name that is not in the DNS',
    cause: /^web\.unreachable$/,
    breaks: () => undefined,
    target: { url: 'http://nowhere.invalid/' },
  },
  {
    name: 'SSH server down',
    cause: /^ssh\.unreachable$/,
    breaks: () => undefined,
    target: { ssh: { host: '127.0.0.1', port: 9 } },
  },
  {
    name: 'no log',
    cause: /^log\.unreadable$/,
    breaks: () => undefined,
    target: { log: '/nowhere/error.log' },
  },
];
