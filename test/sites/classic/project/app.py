"""A small web application (WSGI, standard library only) to start from."""

from html import escape
from urllib.parse import parse_qs, quote

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

# A form longer than this is refused. Many hosts refuse more than 128 KB themselves.
LONGEST_FORM = 100000


def application(environ, start_response):
    """The WSGI entry point: finds the page for a path and sends it."""
    path = text_of(environ.get('PATH_INFO', ''))
    status, title, content = answer(environ, path)
    page = PAGE.format(title=escape(title), base=escape(base_url(environ)), content=content)
    body = page.encode('utf-8')
    start_response(status, [
        ('Content-Type', 'text/html; charset=utf-8'),
        ('Content-Length', str(len(body))),
    ])
    return [body]


def answer(environ, path):
    """Status, title and content (HTML) for a path."""
    if path in ('', '/'):
        return index(environ)
    if path.startswith('/hello/'):
        return hello(path[len('/hello/'):])
    if path == '/form':
        return form(environ)
    if path == '/error':
        raise RuntimeError('This page always fails, to show what you see then.')
    return '404 Not Found', 'Not found', '<p>There is no page <code>%s</code>.</p>' % escape(path)


def index(environ):
    content = (
        '<p>This page comes from <code>app.py</code>.</p>\n'
        '<ul>\n'
        '<li><a href="{base}/hello/World">A name from the path</a></li>\n'
        '<li><a href="{base}/form">A form</a></li>\n'
        '<li><a href="{base}/nothing">A page that does not exist</a></li>\n'
        '<li><a href="{base}/error">A page that fails</a></li>\n'
        '</ul>'
    ).format(base=escape(base_url(environ)))
    return '200 OK', 'It works', content


def hello(name):
    return '200 OK', 'Hello, %s!' % name, '<p>Your name has %d letters.</p>' % len(name)


def form(environ):
    """Shows a form, and what was sent with it."""
    sent = ''
    if environ['REQUEST_METHOD'] == 'POST':
        fields = read_form(environ)
        if fields is None:
            return '413 Request Entity Too Large', 'Too long', '<p>Please send less.</p>'
        text = fields.get('text', [''])[0]
        sent = '<p>You sent: <q>%s</q> (%d characters)</p>\n' % (escape(text), len(text))
    content = sent + (
        '<form method="post" action="%s/form">\n'
        '<label>Text: <input name="text"></label> <button>Send</button>\n'
        '</form>'
    ) % escape(base_url(environ))
    return '200 OK', 'Form', content


def read_form(environ):
    """The fields of a posted form: name -> list of values; None when the form is too long."""
    length = int(environ.get('CONTENT_LENGTH') or 0)
    if length > LONGEST_FORM:
        return None
    body = environ['wsgi.input'].read(length)
    return parse_qs(body.decode('utf-8', 'replace'), keep_blank_values=True)


def base_url(environ):
    """The URL path below which all pages are: the folder of dispatch.fcgi, which the rewrite rule hides."""
    folder = text_of(environ.get('SCRIPT_NAME', '')).rpartition('/')[0]
    return quote(folder)


def text_of(value):
    """WSGI hands bytes over as Latin-1 text (PEP 3333); what the browser meant is UTF-8."""
    return value.encode('latin-1').decode('utf-8', 'replace')
