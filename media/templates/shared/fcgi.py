"""A WSGI server for FastCGI in one file, without dependencies, for Python 3.6 and newer.

    from fcgi import WSGIServer
    WSGIServer('app:application').run()

Started by a web server (Apache with mod_fcgid or mod_fastcgi, nginx with spawn-fcgi, lighttpd) it answers requests
until it is ended. Started from a shell, or as a CGI program, it prints one page:

    python3 dispatch.fcgi
    python3 dispatch.fcgi '/hello/World?x=1'

The application is given as 'module:name', which is imported when the first request comes, or as the callable itself.
With the name, a module that cannot be imported is an error page and a traceback in the error log, and the import is
tried again with the next request; with the callable the program ends before the web server has a page to show.

It answers one request at a time; web servers start as many processes as they need. Many hosts end programs that start
threads, so there are none unless WSGIServer(..., threads=4) asks for them. What the application prints, to standard
output or standard error, goes to the error log with its request. So do tracebacks: a visitor sees them only with
debug=True.

When the program that was started (dispatch.fcgi) is replaced or touched, the process ends after the request that it is
answering, so that the web server starts the new one; reload=False switches that off. SIGTERM, too, lets it finish.
"""

import contextlib
import errno
import importlib
import io
import os
import signal
import socket
import struct
import sys
import tempfile
import threading
import traceback
from urllib.parse import unquote_to_bytes
from wsgiref.handlers import BaseHandler, read_environ

__all__ = ['WSGIServer', 'clean_urls']

# Record types, roles and states of the FastCGI 1.0 specification.
BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT, STDERR = range(1, 8)
GET_VALUES, GET_VALUES_RESULT, UNKNOWN_TYPE = 9, 10, 11
RESPONDER = 1
KEEP_CONNECTION = 1
REQUEST_COMPLETE, CANNOT_MULTIPLEX, OVERLOADED, UNKNOWN_ROLE = range(4)

HEADER = struct.Struct('!BBHHBx')
LONGEST_CONTENT = 65528
# A longer request body waits in a temporary file.
LONGEST_IN_MEMORY = 1 << 20


ERROR_PAGE = b"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Error</title></head>
<body>
<h1>This page has failed</h1>
<p>The error has been noted. Please try again later.</p>
</body>
</html>
"""


class WSGIServer:
    """Runs a WSGI application, given as a callable or as 'module:name'.

    debug: the visitor sees the traceback of a failing page instead of error_page (bytes of HTML).
    threads: how many requests are answered at the same time, each in a thread; 0 for one after the other, without threads.
    reload: end after a request when the started program has changed.
    """

    def __init__(self, application, debug=False, threads=0, reload=True, error_page=ERROR_PAGE):
        self.debug = debug
        self.threads = threads
        self.error_page = error_page
        self._listener = None
        self._active = 0
        self._lock = threading.Lock()
        self._stopping = False
        self._application = application if callable(application) else None
        self._name = application
        self._program = os.path.abspath(sys.argv[0]) if reload else None
        self._version = version_of(self._program)

    @property
    def application(self):
        """The callable; imported when it is first wanted, and again as long as that fails."""
        if self._application is None:
            module, _, name = self._name.partition(':')
            importlib.invalidate_caches()
            self._application = getattr(importlib.import_module(module), name or 'application')
        return self._application

    def run(self):
        """Serves until the process is ended (FastCGI), or answers one request (CGI, shell)."""
        self._listener = listening_socket()
        if self._listener is None:
            run_once(self)
            return
        with contextlib.suppress(ValueError):
            signal.signal(signal.SIGTERM, self._on_sigterm)
        if self.threads > 0:
            self._start_threads()
        self._accept()

    def _accept(self):
        while not self._stopping:
            connection = self._listener.accept()[0]
            with connection:
                Connection(connection, self).serve()

    def _start_threads(self):
        """One thread fewer than wanted, since this one serves as well. A host that allows none still gets its pages."""
        for _ in range(self.threads - 1):
            try:
                threading.Thread(target=self._accept, daemon=True).start()
            except RuntimeError:
                sys.stderr.write('fcgi.py: this host allows no more threads\n')
                return

    def _on_sigterm(self, *_):
        """Ends with status 0, which no web server counts as a failure: at once when idle, else after the request."""
        self._stopping = True
        if self._active == 0:
            raise SystemExit(0)

    @contextlib.contextmanager
    def answering(self):
        """Around every request. Behind the last one ends a process that was asked to, or whose program has changed."""
        with self._lock:
            self._active += 1
        try:
            yield
        finally:
            with self._lock:
                self._active -= 1
                is_idle = self._active == 0
            if self._stopping and is_idle:
                leave()

    def before_end(self):
        """Just before the last words of an answer: a process that will end gives its socket up first, since the web server
        may send the next request as soon as it has heard them, and a refused connection makes it take another process."""
        self._stopping = self._stopping or version_of(self._program) != self._version
        if self._stopping and not self.threads:
            self._listener.close()
            with open(os.devnull, 'rb') as nothing:
                os.dup2(nothing.fileno(), 0)


def leave():
    """Ends the process; from any thread, since the first one may be waiting for a connection."""
    if threading.current_thread() is threading.main_thread():
        raise SystemExit(0)
    sys.stderr.flush()
    os._exit(0)


def version_of(path):
    """What changes when a file is replaced, written or touched; None for no file."""
    try:
        found = os.stat(path or '')
    except OSError:
        return None
    return found.st_ino, found.st_mtime, found.st_size


def clean_urls(application):
    """The same application for a dispatcher that a rewrite rule hides: SCRIPT_NAME, of which frameworks make the addresses
    in their pages, is the folder of the dispatcher instead of the dispatcher."""
    def cleaned(environ, start_response):
        environ['SCRIPT_NAME'] = environ.get('SCRIPT_NAME', '').rpartition('/')[0]
        environ['PATH_INFO'] = environ.get('PATH_INFO') or '/'
        return application(environ, start_response)
    return cleaned


def listening_socket():
    """The socket that a FastCGI server hands over as standard input; None when it is something else."""
    try:
        listener = socket.fromfd(0, socket.AF_UNIX, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        listener.getpeername()
    except OSError as error:
        # A listening socket has no peer. What is no socket at all fails with ENOTSOCK.
        if error.errno in (errno.ENOTCONN, errno.EINVAL):
            listener.setblocking(True)
            return listener
    listener.close()
    return None


class Disconnected(Exception):
    """The web server has closed the connection."""


class Connection:
    """One connection from the web server, with one request after the other."""

    def __init__(self, connection, server):
        self.socket = connection
        self.server = server
        self.reader = connection.makefile('rb')

    def serve(self):
        try:
            with self.reader:
                while self.serve_request():
                    pass
        except (Disconnected, OSError, struct.error):
            # The web server has gone, or does not speak FastCGI; it says why in its own log.
            pass

    def serve_request(self):
        """Reads and answers one request; False when the connection is to be closed."""
        first = self.read_record()
        with self.server.answering():
            request = self.read_request(first)
            if request is None:
                return True
            FastCGIHandler(self, request).answer()
            return request.keep

    def read_request(self, record):
        """The request that begins with a record; None when there was none, or it was aborted or refused."""
        request = None
        while True:
            kind, number, content = record
            if number == 0:
                self.answer_management(kind, content)
            elif kind == BEGIN_REQUEST:
                started = Request(number, content)
                if request is not None and number != request.number:
                    self.end(number, CANNOT_MULTIPLEX)
                elif started.role != RESPONDER:
                    self.end(number, UNKNOWN_ROLE)
                    if not started.keep:
                        raise Disconnected
                else:
                    request = started
            elif request is None or number != request.number:
                pass
            elif kind == ABORT_REQUEST:
                self.end(number, REQUEST_COMPLETE)
                if not request.keep:
                    raise Disconnected
                return None
            elif kind == PARAMS:
                request.params += content
            elif kind == STDIN:
                if not content:
                    return request
                request.body.write(content)
            if request is None:
                return None
            record = self.read_record()

    def read_record(self):
        version, kind, number, length, padding = HEADER.unpack(self.read(HEADER.size))
        if version != 1:
            raise Disconnected
        content = self.read(length)
        self.read(padding)
        return kind, number, content

    def read(self, length):
        data = self.reader.read(length)
        if len(data) < length:
            raise Disconnected
        return data

    def answer_management(self, kind, content):
        if kind == GET_VALUES:
            limits = self.limits()
            known = [print_pair(name, limits[name]) for name in parse_pairs(content) if name in limits]
            self.send((GET_VALUES_RESULT, 0, b''.join(known)))
        else:
            self.send((UNKNOWN_TYPE, 0, bytes([kind]) + bytes(7)))

    def limits(self):
        requests = str(max(1, self.server.threads))
        return {'FCGI_MAX_CONNS': requests, 'FCGI_MAX_REQS': requests, 'FCGI_MPXS_CONNS': '0'}

    def send(self, *streams):
        """Sends (kind, number, content) of any length, all at once; empty content is one empty record, which ends a stream."""
        records = []
        for kind, number, content in streams:
            for at in range(0, len(content) or 1, LONGEST_CONTENT):
                piece = content[at:at + LONGEST_CONTENT]
                padding = -len(piece) % 8
                records += HEADER.pack(1, kind, number, len(piece), padding), piece, bytes(padding)
        try:
            self.socket.sendall(b''.join(records))
        except OSError:
            raise Disconnected

    def end(self, number, state):
        self.send(end_request(number, state))


class Request:
    """What the web server sends for one request."""

    def __init__(self, number, begin):
        self.number = number
        self.role, flags = struct.unpack_from('!HB', begin)
        self.keep = bool(flags & KEEP_CONNECTION)
        self.params = bytearray()
        self.body = tempfile.SpooledTemporaryFile(max_size=LONGEST_IN_MEMORY)


def parse_pairs(data):
    """Names and values of a PARAMS stream as WSGI wants them: bytes as Latin-1 text. What is cut off at the end is left out."""
    text = data.decode('latin-1')
    pairs = {}
    at = 0
    try:
        while at < len(data):
            lengths = []
            for _ in (0, 1):
                length = data[at]
                if length < 128:
                    at += 1
                else:
                    length = int.from_bytes(data[at:at + 4], 'big') & 0x7fffffff
                    at += 4
                lengths.append(length)
            middle = at + lengths[0]
            at = middle + lengths[1]
            if at <= len(data):
                pairs[text[middle - lengths[0]:middle]] = text[middle:at]
    except IndexError:
        pass
    return pairs


def end_request(number, state):
    """What ends a request, for Connection.send."""
    return END_REQUEST, number, struct.pack('!IB3x', 0, state)


def print_pair(name, value):
    """A pair of ASCII texts that are shorter than 128 bytes."""
    return bytes([len(name), len(value)]) + (name + value).encode('ascii')


class Handler(BaseHandler):
    """What FastCGI and CGI have in common: how WSGI is answered with a Status line."""

    os_environ = {}
    origin_server = False

    def __init__(self, server):
        self.server = server
        self.wsgi_multithread = server.threads > 0

    def answer(self):
        """Runs the application. One that cannot even be imported has failed like any other."""
        self.run(self.call)

    def call(self, environ, start_response):
        return self.server.application(environ, start_response)

    def add_cgi_vars(self):
        self.environ.update(self.request_environ())
        for name in ('SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING'):
            self.environ.setdefault(name, '')
        self.environ.setdefault('REQUEST_METHOD', 'GET')
        self.environ.setdefault('SERVER_NAME', 'localhost')
        self.environ.setdefault('SERVER_PORT', '80')
        self.environ.setdefault('SERVER_PROTOCOL', 'HTTP/1.0')

    def error_output(self, environ, start_response):
        """The page for a failure: the traceback only where it was asked for."""
        kind, body = 'text/html', self.server.error_page
        if self.server.debug:
            kind, body = 'text/plain', traceback.format_exc().encode('utf-8', 'replace')
        headers = [('Content-Type', kind + '; charset=utf-8'), ('Content-Length', str(len(body)))]
        start_response('500 Internal Server Error', headers, sys.exc_info())
        return [body]


class FastCGIHandler(Handler):
    """Answers one request over a FastCGI connection."""

    wsgi_multiprocess = True
    wsgi_run_once = False

    def __init__(self, connection, request):
        super().__init__(connection.server)
        self.connection = connection
        self.request = request
        self.errors = ErrorStream(lambda data: connection.send((STDERR, request.number, data)))
        self.pending = b''

    def answer(self):
        """What the application prints goes to the error log with its request; threads share the two streams, and keep them."""
        with self.request.body:
            if self.server.threads:
                super().answer()
            else:
                with contextlib.redirect_stdout(self.errors), contextlib.redirect_stderr(self.errors):
                    super().answer()
            self.server.before_end()
            self.finish()

    def request_environ(self):
        return parse_pairs(self.request.params)

    def get_stdin(self):
        self.request.body.seek(0)
        return self.request.body

    def get_stderr(self):
        return self.errors

    def _write(self, data):
        self.pending += data
        if len(self.pending) >= LONGEST_CONTENT:
            self._send_pending()

    def _flush(self):
        """A list is there as a whole already: nobody waits for its next piece, so it may go out with the end of the answer."""
        if not isinstance(self.result, (list, tuple)):
            self._send_pending()

    def _send_pending(self):
        if self.pending:
            self.connection.send((STDOUT, self.request.number, self.pending))
            self.pending = b''

    def finish(self):
        """Ends the streams that were used, and the request; a short answer goes out in one piece with that."""
        self.errors.flush()
        number = self.request.number
        streams = [(STDERR, number, b'')] if self.errors.used else []
        if self.pending:
            streams.append((STDOUT, number, self.pending))
        self.connection.send(*streams, (STDOUT, number, b''), end_request(number, REQUEST_COMPLETE))


class ErrorStream(io.TextIOBase):
    """wsgi.errors: text goes line by line to the web server's error log."""

    def __init__(self, send):
        super().__init__()
        self.send = send
        self.pending = ''
        self.used = False

    def writable(self):
        return True

    def write(self, text):
        self.pending += text
        if '\n' in text:
            self.flush()
        return len(text)

    def flush(self):
        if self.pending:
            data = self.pending.encode('utf-8', 'backslashreplace')
            self.pending = ''
            self.used = True
            self.send(data)


class PlainHandler(Handler):
    """Answers the one request of a CGI program."""

    wsgi_multiprocess = True
    wsgi_run_once = True

    def __init__(self, server, environ):
        super().__init__(server)
        self.plain_environ = environ

    def request_environ(self):
        return self.plain_environ

    def get_stdin(self):
        """No more than was announced: behind it a terminal waits for keys."""
        length = self.plain_environ.get('CONTENT_LENGTH', '')
        return io.BytesIO(sys.stdin.buffer.read(int(length) if length.isdigit() else 0))

    def get_stderr(self):
        return sys.stderr

    def _write(self, data):
        sys.stdout.buffer.write(data)

    def _flush(self):
        sys.stdout.buffer.flush()


def run_once(server):
    """One request without FastCGI: as a CGI program, or as a shell command that shows a page."""
    environ = read_environ()
    if 'GATEWAY_INTERFACE' not in environ:
        environ.update(shell_environ())
        sys.stderr.write(
            'fcgi.py: started from a shell, not by a FastCGI server: printing one page, %s\n'
            % environ['PATH_INFO']
        )
        sys.stderr.flush()
    PlainHandler(server, environ).answer()


def shell_environ():
    """The variables of a request for the page named on the command line, or for the first page."""
    target = sys.argv[1] if len(sys.argv) > 1 else '/'
    path, _, query = target.partition('?')
    name = os.path.basename(sys.argv[0])
    return {
        'GATEWAY_INTERFACE': 'CGI/1.1',
        'SERVER_PROTOCOL': 'HTTP/1.1',
        'SERVER_NAME': 'localhost',
        'SERVER_PORT': '80',
        'REMOTE_ADDR': '127.0.0.1',
        'REQUEST_METHOD': 'GET',
        'REQUEST_URI': target,
        'SCRIPT_NAME': '/' + name,
        'PATH_INFO': unquote_to_bytes(os.fsencode(path)).decode('latin-1'),
        'QUERY_STRING': query,
        'CONTENT_LENGTH': '0',
    }
