"""Settings of the site. All of them: https://docs.djangoproject.com/en/stable/ref/settings/"""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

# Keep it secret: sessions and forms are signed with it.
SECRET_KEY = '@SECRET_KEY@'

# True shows tracebacks to every visitor. They are in the error log anyway.
DEBUG = False

# The web server hands over requests for your own domains only. Name them here if it hands over more.
ALLOWED_HOSTS = ['*']

INSTALLED_APPS = [
    'django.contrib.staticfiles',
]

MIDDLEWARE = [
    'django.middleware.security.SecurityMiddleware',
    'django.middleware.common.CommonMiddleware',
    'django.middleware.csrf.CsrfViewMiddleware',
    'django.middleware.clickjacking.XFrameOptionsMiddleware',
]

ROOT_URLCONF = 'mysite.urls'

TEMPLATES = [
    {
        'BACKEND': 'django.template.backends.django.DjangoTemplates',
        'DIRS': [BASE_DIR / 'mysite' / 'templates'],
        'APP_DIRS': True,
        'OPTIONS': {'context_processors': ['django.template.context_processors.request']},
    },
]

# A database is wanted as soon as you have models:
# DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '/home/me/site.sqlite3'}}
DATABASES = {}

# The web server sends what is in static/ by itself. "python3 manage.py collectstatic" gathers it there.
STATIC_URL = '/static/'
STATIC_ROOT = str(BASE_DIR / 'static')

LANGUAGE_CODE = 'en'
TIME_ZONE = 'UTC'
USE_TZ = True

# Django alone would log failures nowhere on a server.
LOGGING = {
    'version': 1,
    'disable_existing_loggers': False,
    'handlers': {'errors': {'class': 'mysite.logs.ErrorLogHandler'}},
    'loggers': {'django': {'handlers': ['errors'], 'level': 'ERROR', 'propagate': False}},
}
