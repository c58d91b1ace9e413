import * as fs from 'node:fs';
import * as path from 'node:path';
import { PROJECT_TEMPLATES } from '../../../src/project/templates';
import { createProject } from '../../../src/runner/newProject';
import { isTemplateUsable } from '../templateNeeds';
import { RAW_ANSWERS, rawAnswerProgram } from './rawAnswers';

const CLASSIC = new URL('../../sites/classic', import.meta.url).pathname;

/** Sends the variables of each request as JSON, and how long its body was in truth. */
const DUMP = `#!/usr/bin/env python3
import json
import fcgi

def dump(self, application):
    environ = self.request_environ()
    self._write(b'Content-Type: application/json\\n\\n' + json.dumps(environ).encode())

fcgi.FastCGIHandler.run = dump
fcgi.WSGIServer(None).run()
`;

/** Prints what the query says, decoded: raw output of a program. */
const SAY = `#!/usr/bin/env python3
import fcgi
from urllib.parse import unquote_to_bytes

def say(self, application):
    self._write(unquote_to_bytes(self.request_environ().get('QUERY_STRING', '')))

fcgi.FastCGIHandler.run = say
fcgi.WSGIServer(None).run()
`;

/** The same as a CGI program: its environment as JSON, or what the query says. */
const CGI_DUMP = `#!/usr/bin/env python3
import json, os, sys
body = sys.stdin.buffer.read()
environ = {k: v for k, v in os.environb.items()}
print('Content-Type: application/json\\n')
print(json.dumps({'environ': {k.decode('latin-1'): v.decode('latin-1') for k, v in environ.items()}, 'body': body.decode('latin-1'), 'arguments': sys.argv[1:], 'folder': os.getcwd()}))
`;
const CGI_SAY = `#!/usr/bin/env python3
import os, sys
from urllib.parse import unquote_to_bytes
sys.stdout.buffer.write(unquote_to_bytes(os.environ.get('QUERY_STRING', '')))
`;

/** Answers with how much of the body arrived, and a checksum of it. */
const COUNT = `#!/usr/bin/env python3
import fcgi
import zlib

def application(environ, start_response):
    body = environ['wsgi.input'].read()
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'%d %d' % (len(body), zlib.crc32(body))]

fcgi.WSGIServer(application).run()
`;

const PHP = `<?php
header('Content-Type: application/json');
ksort($_SERVER);
unset($_SERVER['REQUEST_TIME'], $_SERVER['REQUEST_TIME_FLOAT']);
echo json_encode(['server' => $_SERVER, 'post' => $_POST, 'get' => $_GET, 'folder' => getcwd()]);
`;

const CLASSIC_RULES = `RewriteEngine On
RewriteBase /p
RewriteRule ^go/(.*)$ dump.fcgi/$1 [QSA,E=SEEN:$1]
RewriteRule ^away$ http://example.test/away [R=307,L]
RewriteRule ^gone$ - [G]
RewriteRule ^forbidden$ - [F]
`;

const DOCUMENT_RULES = `ErrorDocument 404 /docs/missing.html
ErrorDocument 403 "Not for <you>"
ErrorDocument 410 /p/dump.fcgi/gone?by=document
ErrorDocument 500 /docs/failed.html
Redirect gone /docs/gone
Redirect 404 /docs/lost
Redirect permanent /docs/old http://example.test/new
RedirectMatch 403 ^/docs/secret
`;

const HEADER_RULES = `Header set X-Set one
Header append Vary Cookie
Header always set X-Always two
ExpiresActive On
ExpiresDefault A600
AddDefaultCharset utf-8
FileETag MTime Size
`;

/** Directives about what a program sends itself. */
const TOLD_RULES = `Header set X-Kept directive
Header always set X-Other always
Header always unset X-Dup
Header unset ETag
Header always edit Set-Cookie $ ";Secure"
Header append Vary Origin
Header always setifempty X-Space none
Header set X-Seen "expr=%{CONTENT_TYPE} %{resp:X-Lost}"
Header set X-Gone yes "expr=%{REQUEST_STATUS} == 404"
ExpiresActive On
ExpiresByType text/plain A600
ExpiresByType text/html A60
AddDefaultCharset utf-8
`;

/** What programs are told of the request, and what stands for it in conditions. */
const CHANGED_RULES = `AddHandler cgi-script .cgi
CGIPassAuth On
CGIVar REQUEST_URI current-uri
RequestHeader set X-Added one
RequestHeader append Accept-Language de
RequestHeader edit Cookie a b
RequestHeader unset User-Agent
RequestHeader unset If-Modified-Since
RequestHeader unset Range
SetOutputFilter BROTLI_COMPRESS
Header set X-Told "%{X_ADDED}e %{HTTP_X_ADDED}e %{SCRIPT_NAME}e %{REQUEST_METHOD}e"
Header set X-Origin "%{HTTP_ORIGIN}e" env=HTTP_ORIGIN
RewriteEngine On
RewriteRule ^away dump.cgi/gone?q=1
`;

/** A limit for bodies, which mod_fcgid minds in its own way. */
const LIMIT_RULES = `LimitRequestBody 10
AddHandler cgi-script .cgi
ErrorDocument 413 /docs/failed.html
`;

/** Files without their usual headers, and documents of errors that are not there. */
const BARE_RULES = `Header unset ETag
FileETag None
ErrorDocument 404 /bare/none
ErrorDocument 403 /bare/busy
ErrorDocument 410 /docs/dies.fcgi
Redirect 403 /bare/secret
Redirect 410 /bare/gone
Redirect 503 /bare/busy
ErrorDocument 416 /bare/page.html
DirectorySlash Off
`;
const TAG_RULES = `FileETag MTime
Header unset Last-Modified
Header set X-Status "expr=%{REQUEST_STATUS} %{API_VERSION}"
`;

/** \`alice\` gets in with \`wonder\`. */
const PASSWORDS = 'alice:$apr1$z7b4RsAM$YWJ5MB4JE3tGHHxVHhNdW0\n';

function memberRules(folder: string): string {
  return `AuthType Basic
AuthName "Members only"
AuthUserFile ${folder}/members/.htpasswd
Require user alice
ErrorDocument 401 /docs/login.html
RewriteEngine On
RewriteCond %{REQUEST_URI} !dump.fcgi
RewriteRule ^in/(.*)$ dump.fcgi/$1
`;
}

const TEMPLATES = new URL('../../../media/templates', import.meta.url).pathname;
/** On a host that runs PHP this is so before any .htaccess. */
const PHP_RULES = 'AddHandler fcgid-script .php\nFcgidWrapper /usr/bin/php-cgi .php\n';

/** The templates that can be run here, each in a folder of its name below `t/`. */
async function writeTemplates(folder: string): Promise<string[]> {
  const usable = PROJECT_TEMPLATES.filter(({ id }) => isTemplateUsable(id));
  for (const template of usable) {
    const site = path.join(folder, 't', template.id);
    await createProject({ template, templates: TEMPLATES, folder: site });
    if (template.id === 'php') prepend(path.join(site, '.htaccess'), PHP_RULES);
  }
  return usable.map(({ id }) => id);
}

function prepend(file: string, text: string): void {
  fs.writeFileSync(file, text + fs.readFileSync(file, 'utf8'));
}

/** Writes the site on which both servers are asked the same; gives the templates that are in it. */
export async function writeParitySite(folder: string): Promise<readonly string[]> {
  fs.cpSync(CLASSIC, folder, { recursive: true, filter: (name) => !name.includes('__pycache__') });
  const files = filesOf(folder);
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    if (/\.(?:fcgi|cgi)$/.test(name)) fs.chmodSync(file, 0o755);
  }
  for (const name of ['p', 'changed', 'members', 'docs', 'told', 'limit', 'sp ace'])
    fs.copyFileSync(path.join(CLASSIC, 'project/fcgi.py'), path.join(folder, name, 'fcgi.py'));
  const templates = await writeTemplates(folder);
  fs.chmodSync(folder, 0o755);
  // A file that was changed in this very second has a weak tag: let it be older.
  const past = new Date(Date.now() - 3_600_000);
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    fs.utimesSync(path.join(folder, name), past, past);
  return templates;
}

function filesOf(folder: string): Record<string, string> {
  return {
    'a.txt': '0123456789\n',
    'long.txt': 'abcdefghij'.repeat(100),
    'empty.txt': '',
    'page.html': '<p>page</p>\n',
    'unknown.xyz': 'x',
    noextension: 'x',
    'sp ace/ü.txt': 'umlaut\n',
    'sp ace/dump.fcgi': DUMP,
    'sub/index.html': 'index\n',
    'p/dump.fcgi': DUMP,
    'p/say.fcgi': SAY,
    'p/count.fcgi': COUNT,
    'p/page.txt': 'a page\n',
    'p/.htaccess': CLASSIC_RULES,
    ...Object.fromEntries(
      Object.entries(RAW_ANSWERS).map(([name, pieces]) => [`raw/${name}.fcgi`, rawAnswerProgram(pieces)]),
    ),
    'docs/.htaccess': DOCUMENT_RULES,
    'docs/missing.html': 'nothing here\n',
    'docs/failed.html': 'it failed\n',
    'docs/login.html': 'log in\n',
    'docs/say.fcgi': SAY,
    'docs/dies.fcgi': '#!/bin/sh\nexit 3\n',
    'limit/.htaccess': LIMIT_RULES,
    'limit/count.fcgi': COUNT,
    'limit/dump.cgi': CGI_DUMP,
    'bare/.htaccess': BARE_RULES,
    'bare/deep/a.txt': 'a',
    'bare/page.html': '<p>bare</p>\n',
    'tag/.htaccess': TAG_RULES,
    'tag/page.html': '<p>tag</p>\n',
    'headers/.htaccess': HEADER_RULES,
    'headers/page.html': '<p>headers</p>\n',
    'headers/data.bin': 'x'.repeat(300),
    'told/.htaccess': TOLD_RULES,
    'told/say.fcgi': SAY,
    'members/.htaccess': memberRules(folder),
    'members/.htpasswd': PASSWORDS,
    'members/dump.fcgi': DUMP,
    'members/page.html': 'for members\n',
    'cgi/.htaccess': 'AddHandler cgi-script .cgi\n',
    'changed/.htaccess': CHANGED_RULES,
    'changed/page.html': '<p>changed</p>\n',
    'changed/dump.cgi': CGI_DUMP,
    'changed/dump.fcgi': DUMP,
    'cgi/dump.cgi': CGI_DUMP,
    'cgi/say.cgi': CGI_SAY,
    'php/.htaccess': `AddHandler fcgid-script .php
FcgidWrapper /usr/bin/php-cgi .php
DirectoryIndex index.php
FallbackResource /php/index.php
`,
    'php/index.php': PHP,
    'php/status.php': '<?php http_response_code(404); header("X-From: php"); echo "gone by php";',
  };
}
