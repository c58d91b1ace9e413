#!/usr/bin/env python3
"""What the web server starts. It stays small: the site is in the folder mysite."""

from pathlib import Path

from fcgi import WSGIServer

ERROR_PAGE = Path(__file__).with_name('error.html').read_bytes()

if __name__ == '__main__':
    WSGIServer('mysite.wsgi:application', error_page=ERROR_PAGE).run()
