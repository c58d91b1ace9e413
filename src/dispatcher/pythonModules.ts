/** Modules that left Python's library, with the version that no longer has them and what to take instead. */
export const REMOVED_MODULES: Readonly<
  Record<string, readonly [major: number, minor: number, instead: string]>
> = {
  cgi: [3, 13, 'urllib.parse.parse_qs for forms, html.escape, or the package legacy-cgi'],
  cgitb: [3, 13, 'the traceback that is in the error log anyway'],
  crypt: [3, 13, 'the package legacycrypt or bcrypt'],
  imghdr: [3, 13, 'the package filetype'],
  mailcap: [3, 13, 'mimetypes'],
  nntplib: [3, 13, 'a package'],
  pipes: [3, 13, 'shlex and subprocess'],
  sndhdr: [3, 13, 'the package filetype'],
  telnetlib: [3, 13, 'the package telnetlib3'],
  uu: [3, 13, 'binascii or base64'],
  xdrlib: [3, 13, 'struct'],
  lib2to3: [3, 13, 'a package'],
  imp: [3, 12, 'importlib'],
  distutils: [3, 12, 'setuptools'],
  asyncore: [3, 12, 'asyncio'],
  asynchat: [3, 12, 'asyncio'],
  smtpd: [3, 12, 'the package aiosmtpd'],
  urllib2: [3, 0, 'urllib.request'],
  urlparse: [3, 0, 'urllib.parse'],
  httplib: [3, 0, 'http.client'],
  cookielib: [3, 0, 'http.cookiejar'],
  Cookie: [3, 0, 'http.cookies'],
  StringIO: [3, 0, 'io.StringIO'],
  cStringIO: [3, 0, 'io.StringIO'],
  ConfigParser: [3, 0, 'configparser'],
  HTMLParser: [3, 0, 'html.parser'],
  Queue: [3, 0, 'queue'],
  cPickle: [3, 0, 'pickle'],
  BaseHTTPServer: [3, 0, 'http.server'],
  SimpleHTTPServer: [3, 0, 'http.server'],
  __builtin__: [3, 0, 'builtins'],
};

/** Functions that left a module of Python's library. */
export const REMOVED_FUNCTIONS: Readonly<
  Record<string, readonly [major: number, minor: number, instead: string]>
> = {
  'cgi.parse_qs': [3, 8, 'urllib.parse.parse_qs'],
  'cgi.parse_qsl': [3, 8, 'urllib.parse.parse_qsl'],
  'cgi.escape': [3, 8, 'html.escape'],
  'time.clock': [3, 8, 'time.perf_counter'],
  'os.getcwdu': [3, 0, 'os.getcwd'],
  'sys.setdefaultencoding': [3, 0, 'nothing: it is UTF-8 already'],
  'inspect.getargspec': [3, 11, 'inspect.getfullargspec'],
  'collections.Mapping': [3, 10, 'collections.abc.Mapping'],
  'collections.MutableMapping': [3, 10, 'collections.abc.MutableMapping'],
  'collections.Iterable': [3, 10, 'collections.abc.Iterable'],
  'collections.Callable': [3, 10, 'collections.abc.Callable'],
};

/** Top-level modules of the standard library of any Python 3. */
export const STANDARD_MODULES: ReadonlySet<string> = new Set(
  (
    '__future__ _thread abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore ' +
    'atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd ' +
    'code codecs codeop collections colorsys compileall compression concurrent configparser contextlib ' +
    'contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis ' +
    'distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch ' +
    'fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib ' +
    'heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json ' +
    'keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap ' +
    'modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode ' +
    'operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib ' +
    'poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat ' +
    'queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors ' +
    'shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile ' +
    'sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys ' +
    'sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit ' +
    'tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing ' +
    'unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref ' +
    'xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo'
  ).split(' '),
);
