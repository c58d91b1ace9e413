/** Dispatchers as people write them, in which there is nothing to find. */
export const REALISTIC: Readonly<Record<string, string>> = {
  'our server': `#!/usr/bin/env python3
"""Print: nothing. cgitb.enable() is not called, import cgi is a word in a text."""
from fcgi import WSGIServer
from app import application

if __name__ == '__main__':
    WSGIServer(application).run()
`,
  'flup with an error page of its own': `#!/usr/bin/python3
import os, sys
from flup.server.fcgi import WSGIServer as Base

class Server(Base):
    def error(self, req):
        req.stdout.write(b'Status: 500 Internal Server Error\\r\\nContent-Type: text/plain\\r\\n\\r\\nSorry')

from app import application
Server(application).run()
`,
  'flup without tracebacks': `#!/home/me/venv/bin/python
# -*- coding: utf-8 -*-
import sys
from flup.server.fcgi import WSGIServer
from site_code.wsgi import application

print('starting', file=sys.stderr)
WSGIServer(
    application,
    multithreaded=False,  # the host kills threads: WSGIServer(application)
    debug=False,
).run()
`,
  'Django under flup': `#!/usr/bin/env python3
import os
import sys

sys.path.insert(0, os.path.expanduser('~/project'))
os.environ['DJANGO_SETTINGS_MODULE'] = 'project.settings'

from django.core.wsgi import get_wsgi_application
from flup.server.fcgi import WSGIServer

WSGIServer(get_wsgi_application(), debug=False).run()
`,
  'Flask with a path of its own': `#!/home/me/.venvs/site/bin/python3.9
import sys
sys.path.append('/home/me/site')
from flup.server.fcgi import WSGIServer
from site_app import app

class ScriptNameStripper:
    def __init__(self, app):
        self.app = app
    def __call__(self, environ, start_response):
        environ['SCRIPT_NAME'] = ''
        return self.app(environ, start_response)

app = ScriptNameStripper(app)

if __name__ == '__main__':
    WSGIServer(app, debug=False).run()
`,
  'an import that is tried': `#!/usr/bin/env python3
try:
    from urllib2 import urlopen
    import cgi
except ImportError:
    from urllib.request import urlopen
from fcgi import WSGIServer
text = """
import cgi
print('in a text')
"""
WSGIServer('app:application').run()
`,
  'an old Python that is named': `#!/usr/bin/python2.7
import cgi, urllib2
from flup.server.fcgi import WSGIServer
from app import application
WSGIServer(application, debug=False).run()
`,
  'a CGI program in Python': `#!/usr/bin/env python3
import os
print('Content-Type: text/plain')
print()
print(os.environ['REQUEST_METHOD'])
`,
  'wsgiref as CGI': `#!/usr/bin/env python3
from wsgiref.handlers import CGIHandler
from app import application
CGIHandler().run(application)
`,
  'CGI::Fast': `#!/usr/bin/perl
use strict;
use warnings;
use CGI::Fast;
use CGI::Carp;
# use CGI::Carp qw(fatalsToBrowser);
while (my $q = CGI::Fast->new) {
    print $q->header('text/html');
    print "Content-type: is a word here\\n";
}
__END__
use CGI::Carp qw(fatalsToBrowser);
`,
  'FCGI in Perl': `#!/usr/bin/env perl
use FCGI;
my $request = FCGI::Request();
while ($request->Accept() >= 0) {
    print "Content-type: text/html\\r\\n\\r\\n", ++$count;
}
`,
  Plack: `#!/usr/bin/env plackup -s FCGI
`.replace('env ', 'env -S '),
  'a Catalyst application': `#!/usr/bin/env perl
use FindBin;
use lib "$FindBin::Bin/../lib";
use Catalyst::ScriptRunner;
Catalyst::ScriptRunner->run('MyApp', 'FastCGI');
`,
  'a PHP front controller': `#!/usr/bin/env php-cgi
<?php
ini_set('display_errors', '0');
// ini_set('display_errors', '1');
ini_set('log_errors', 1);
require __DIR__ . '/vendor/autoload.php';
(new App\\Kernel())->handle()->send();
`,
  'a wrapper for PHP': `#!/bin/sh
PHPRC="$PWD/../etc/php"
export PHPRC
PHP_FCGI_CHILDREN=0
export PHP_FCGI_CHILDREN
exec /usr/bin/php-cgi8.2
`,
  'a wrapper for Python': `#!/bin/bash
cd "$(dirname "$0")" || exit 1
exec ./venv/bin/python dispatch.py
`,
  'Rails of old': `#!/usr/bin/env ruby
require File.dirname(__FILE__) + "/../config/environment"
require 'fcgi_handler'
RailsFCGIHandler.process! nil, 50
`,
  Rack: `#!/usr/bin/env ruby
require 'rubygems'
require 'rack'
require_relative 'app'
Rack::Handler::FastCGI.run App.new
`,
  'Lua, of which nothing is known': '#!/usr/bin/env lua\nrequire "wsapi.fastcgi"\n',
};
