import { describe, expect, test } from 'vitest';
import { knownReasonIn, reasonIn } from '../../src/dispatcher/reasons';

const frame = (file: string) => `Traceback (most recent call last):\n  File "${file}", line 3, in <module>\n`;

describe('what an error output says', () => {
  test.each([
    [
      `${frame('/s/dispatch.fcgi')}ImportError: cannot import name 'application' from 'app' (/s/app.py)\n`,
      /^app\.py has no application: mend the spelling there or in the import/,
    ],
    [
      "ImportError: cannot import name 'application' from partially initialized module 'app' (most likely due to a circular import) (/s/app.py)",
      /two of your modules import each other, and app has not got that far/,
    ],
    [
      "ImportError: cannot import name 'escape' from 'jinja2' (/home/u/.local/lib/python3.11/site-packages/jinja2/__init__.py)",
      /^The installed version of jinja2 has no escape/,
    ],
    [
      "ImportError: cannot import name 'Mapping' from 'collections' (/usr/lib/python3.11/collections/__init__.py)",
      /import it from collections\.abc/,
    ],
    [
      "ModuleNotFoundError: No module named 'email.utils'; 'email' is not a package",
      /takes the file email\.py for email.*If email is a library, rename your file/,
    ],
    ["ModuleNotFoundError: No module named 'flask'", /'flask': install it .* beside the dispatcher/],
    [
      '  File "/s/app.py", line 1\n    def a(e)\n            ^\nSyntaxError: expected \':\'\n',
      /^Python cannot read line 1 of app\.py: expected ':'\.$/,
    ],
    [
      "    print 'x'\n    ^^^^^^^^^\nSyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?\n",
      /written for Python 2/,
    ],
    [
      `${frame('/s/a.fcgi')}  File "/usr/lib/python3.9/os.py", line 679, in __getitem__\n    raise KeyError(key) from None\nKeyError: 'SECRET_KEY'\n`,
      /There is no SECRET_KEY in the environment: .*nothing but PATH/,
    ],
    [
      `${frame('/s/a.fcgi')}  File "<frozen os>", line 679, in __getitem__\nKeyError: 'SECRET_KEY'\n`,
      /There is no SECRET_KEY in the environment/,
    ],
    ["FileNotFoundError: [Errno 2] No such file or directory: 'a.ini'", /no a\.ini: a relative path/],
    ["FileNotFoundError: [Errno 2] No such file or directory: '/a.ini'", /no \/a\.ini: mend the path/],
    ['AssertionError: write() argument must be a bytes instance', /encode\("utf-8"\)/],
    [' * Running on http://127.0.0.1:5000\n', /web server of its own.*WSGIServer\(app\)/],
    ['Starting development server at http://127.0.0.1:8000/', /web server of its own/],
    ['MyApp.pm did not return a true value at /s/a.fcgi line 5.', /MyApp\.pm has to end with .* "1;"/],
    ["Can't locate My/App.pm in @INC (you may", /My::App: install it, or where it is yours.*use lib/],
    [
      'Global symbol "$x" requires explicit package name (did you forget to declare "my $x"?) at /s/a.fcgi line 4.\n',
      /^Global symbol "\$x" in line 4 is not declared/,
    ],
    ['Cannot open data.txt: No such file at /s/a.fcgi line 5.\n', /^It wrote: Cannot open .* line 5\.$/],
    ['cannot load such file -- lib/app (LoadError)', /lib\/app: install the gem; .*require_relative 'app'/],
    ["/s/a.fcgi:3: syntax error, unexpected '}'\n", /^Ruby cannot read line 3 of a\.fcgi/],
    ["/s/a.fcgi:4:in `<main>': uninitialized constant App (NameError)\n", /uninitialized constant App/],
    ["PHP Fatal error:  Uncaught Error: Failed opening required '/s/vendor/autoload.php'", /composer/],
    ["PHP Fatal error:  Uncaught Error: Failed opening required '/s/lib.php' (include", /no \/s\/lib\.php/],
    ['PHP Fatal error:  Uncaught Error: Call to undefined function mysql_connect() in /s/a:3', /older PHP/],
    ['PHP Fatal error:  Uncaught Error: Call to undefined function own() in /s/a:3', /function own\(\)\.$/],
    ['PHP Parse error:  syntax error, unexpected "x" in /s/a.fcgi on line 4', /read line 4 of a\.fcgi: syn/],
    ['RuntimeException: no row. in /s/my a.php:30\nStack trace:\n', /^It wrote: RuntimeException: no row\.$/],
    ['ValueError: one\n\nDuring handling ...\nTypeError: two\n', /^It wrote: TypeError: two\.$/],
  ])('%j', (text, words) => {
    expect(knownReasonIn(text)).toMatch(words);
  });

  test('more than its words is not invented', () => {
    expect(knownReasonIn('listening')).toBeUndefined();
    expect(reasonIn('listening')).toBe('What it wrote to its error output says why.');
    expect(reasonIn(' \n')).toBe('It wrote no error.');
  });

  test('is found soon, however long it is', () => {
    const parts = [
      'SyntaxError: ',
      'File "a", line 1\n',
      "ImportError: cannot import name 'a' ",
      'a::',
      ': (',
      '\n',
    ];
    const began = process.cpuUsage();
    for (const part of parts) knownReasonIn(part.repeat(100_000));
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(3000);
  });
});
