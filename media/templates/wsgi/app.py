"""A small web application (WSGI, nothing but the standard library) to start from."""

from html import escape
from urllib.parse import parse_qs, quote
from wsgiref.util import application_uri

from fcgi import clean_urls

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<link rel="stylesheet" href="{base}/static/site.css">
</head>
<body>
<nav><a href="{base}/">Start</a> <a href="{base}/hello/World">Hello</a> <a href="{base}/form">Form</a></nav>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""

# A longer form is refused. Many hosts refuse more than 128 KB themselves.
LONGEST_FORM = 100000


class Redirect(Exception):
    """Raised by a page to send the visitor elsewhere: Redirect('/form') or Redirect('https://example.com/')."""

    def __init__(self, location, status='302 Found'):
        super().__init__(location)
        self.location = location
        self.status = status


@clean_urls
def application(environ, start_response):
    """What the server calls for each request (PEP 3333)."""
    try:
        status, title, content = answer(environ, text_of(environ['PATH_INFO']))
    except Redirect as redirect:
        location = redirect.location
        if location.startswith('/'):
            location = application_uri(environ).rstrip('/') + quote(location, safe='/%?=&#')
        start_response(redirect.status, [
            ('Location', location),
            ('Content-Type', 'text/plain'),
            ('Content-Length', '0'),
        ])
        return [b'']
    page = PAGE.format(title=escape(title), base=base(environ), content=content)
    body = page.encode('utf-8')
    start_response(status, [
        ('Content-Type', 'text/html; charset=utf-8'),
        ('Content-Length', str(len(body))),
    ])
    return [body]


def answer(environ, path):
    """Status, title and content (HTML) of the page for a path."""
    if path == '/':
        return start(environ)
    if path.startswith('/hello/'):
        return hello(path[len('/hello/'):])
    if path == '/form':
        return form(environ)
    if path == '/old':
        raise Redirect('/form')
    if path == '/error':
        raise RuntimeError('This page always fails, to show what you see then.')
    return '404 Not Found', 'Not found', '<p>There is no page <code>%s</code>.</p>' % escape(path)


def start(environ):
    content = (
        '<p>This page comes from <code>app.py</code>.</p>\n'
        '<ul>\n'
        '<li><a href="{base}/hello/World">A name from the path</a></li>\n'
        '<li><a href="{base}/form">A form</a></li>\n'
        '<li><a href="{base}/old">An address that has moved</a></li>\n'
        '<li><a href="{base}/error">A page that fails</a></li>\n'
        '</ul>'
    ).format(base=base(environ))
    return '200 OK', 'It works', content


def hello(name):
    return '200 OK', 'Hello, %s!' % name, '<p>Your name has %d letters.</p>' % len(name)


def form(environ):
    """Shows a form, and what was sent with it: as ?text=... or in the body of a POST."""
    fields = query(environ)
    if environ['REQUEST_METHOD'] == 'POST':
        if content_length(environ) > LONGEST_FORM:
            return '413 Request Entity Too Large', 'Too long', '<p>Please send less.</p>'
        fields = posted(environ)
    content = (
        '<form method="post" action="%s/form">\n'
        '<label>Text: <input name="text"></label> <button>Send</button>\n'
        '</form>'
    ) % base(environ)
    if 'text' in fields:
        text = fields['text'][0]
        content = '<p>You sent: <q>%s</q> (%d characters)</p>\n%s' % (escape(text), len(text), content)
    return '200 OK', 'Form', content


def query(environ):
    """The fields behind the question mark: name -> list of values."""
    return parse_qs(environ.get('QUERY_STRING', ''), keep_blank_values=True)


def posted(environ):
    """The fields of a form that was sent by POST: name -> list of values."""
    body = environ['wsgi.input'].read(content_length(environ))
    return parse_qs(body.decode('utf-8', 'replace'), keep_blank_values=True)


def content_length(environ):
    length = environ.get('CONTENT_LENGTH', '')
    return int(length) if length.isdigit() else 0


def base(environ):
    """The URL path below which all pages are; empty at the top of a site. For use in HTML."""
    return escape(quote(text_of(environ['SCRIPT_NAME'])))


def text_of(value):
    """WSGI hands bytes over as Latin-1 text; what the browser meant is UTF-8."""
    return value.encode('latin-1').decode('utf-8', 'replace')
