#!/usr/bin/env python3
"""What the web server starts. It stays small: the application is in app.py, where it can be tested."""

from pathlib import Path

from fcgi import WSGIServer

ERROR_PAGE = Path(__file__).with_name('error.html').read_bytes()

if __name__ == '__main__':
    WSGIServer('app:app', error_page=ERROR_PAGE).run()
