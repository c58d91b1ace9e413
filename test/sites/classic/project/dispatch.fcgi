#!/usr/bin/env python3
"""What the web server starts. Keep it small: the application is in app.py, where it can be tested."""

from app import application
from fcgi import WSGIServer

if __name__ == '__main__':
    WSGIServer(application).run()
