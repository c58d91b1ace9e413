"""A Flask application to start from. Flask must be installed on the server, for the Python of dispatch.fcgi."""

from pathlib import Path

from flask import Flask, redirect, render_template, request, url_for

from fcgi import clean_urls

app = Flask(__name__)
app.secret_key = '@SECRET_KEY@'
app.config['MAX_CONTENT_LENGTH'] = 100000
# The addresses that url_for() makes do not show dispatch.fcgi, which the rewrite rule hides.
app.wsgi_app = clean_urls(app.wsgi_app)


@app.route('/')
def start():
    return render_template('page.html', title='It works')


@app.route('/hello/<name>')
def hello(name):
    return render_template('page.html', title='Hello, %s!' % name)


@app.route('/form', methods=['GET', 'POST'])
def form():
    """Shows a form, and what was sent with it: as ?text=... or in the body of a POST."""
    return render_template('form.html', title='Form', text=request.values.get('text'))


@app.route('/old')
def old():
    return redirect(url_for('form'), code=302)


@app.route('/error')
def error():
    raise RuntimeError('This page always fails, to show what you see then.')


@app.errorhandler(500)
def failed(_):
    """What visitors see instead of a traceback, which is in the error log."""
    return Path(app.root_path, 'error.html').read_text(encoding='utf-8'), 500


@app.errorhandler(404)
def not_found(_):
    return render_template('page.html', title='Not found'), 404
