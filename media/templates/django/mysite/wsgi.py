"""The WSGI application, for dispatch.fcgi."""

import os

from django.core.wsgi import get_wsgi_application

from fcgi import clean_urls

os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')

# The addresses that reverse() makes do not show dispatch.fcgi, which the rewrite rule hides.
application = clean_urls(get_wsgi_application())
