/** What an error output says about the reason, in words, with what to do. */
export function reasonIn(errorOutput: string): string {
  return (
    knownReasonIn(errorOutput) ??
    (errorOutput.trim() === '' ? 'It wrote no error.' : 'What it wrote to its error output says why.')
  );
}

/** The same for errors of which more can be said than that they are there. */
export function knownReasonIn(errorOutput: string): string | undefined {
  const text = errorOutput.slice(-LONGEST);
  for (const [form, words] of REASONS) {
    const found = form.exec(text);
    if (found) return words(found[1] ?? '', found[2] ?? '', found[3] ?? '');
  }
  return lastWordsIn(text);
}

/** Characters at the end of an error output in which a reason is looked for. */
const LONGEST = 20_000;

type Words = (first: string, second: string, third: string) => string;

/** The forms of errors, the most telling first; what follows on a general one is looked for before it. */
const REASONS: readonly (readonly [RegExp, Words])[] = [
  [
    /ImportError: (cannot import name '[^']*' from partially initialized module '([^']*)')/,
    (what, module) =>
      `${what}: two of your modules import each other, and ${module} has not got that far yet. Import in one of them inside the function that needs it, or move what both need into a third module.`,
  ],
  [/ImportError: cannot import name '([^']*)' from '([^']*)' \(([^)\n]*)\)/, missingName],
  [
    /ModuleNotFoundError: No module named '([^']*)'; '([^']*)' is not a package/,
    (module, parent) =>
      `No module named '${module}': Python takes the file ${parent}.py for ${parent}, and a file holds no further modules. If ${parent} is a library, rename your file; if it is yours, make it a folder ${parent}.`,
  ],
  [
    /ModuleNotFoundError: No module named '([^']*)'/,
    (module) =>
      `No module named '${module}': install it for the interpreter of the #! line, or name the interpreter that has it. A module of your own must lie beside the dispatcher, or its folder be added to sys.path.`,
  ],
  [
    /ImportError: (.*)/,
    (what) => `${what}: install it for the interpreter of the #! line, or name the interpreter that has it.`,
  ],
  [
    /SyntaxError: Missing parentheses in call to '(print|exec)'/,
    () =>
      'The program is written for Python 2: "print x" is "print(x)" in Python 3. Convert it, for instance by 2to3.',
  ],
  [
    /File "([^"\n]*)", line (\d+)\n(?:[^\n]*\n){0,3}?(?:SyntaxError|IndentationError|TabError): ([^\n]*)/,
    (file, line, what) =>
      `Python cannot read line ${line} of ${baseName(file)}: ${what.replace(/ \([^()]*\)$/, '')}.`,
  ],
  [
    /(?:<frozen os>|os\.py)", line \d+, in __getitem__\n(?:[^\n]*\n){0,3}?KeyError: '([^']*)'/,
    (name) =>
      `There is no ${name} in the environment: a server starts the program with nothing but PATH, whatever your shell has, and SetEnv of a .htaccess reaches requests only. Read it from a file, or set it in the dispatcher.`,
  ],
  [/FileNotFoundError: \[Errno 2\] No such file or directory: '([^'\n]*)'/, missingFile],
  [
    /AssertionError: write\(\) argument must be a bytes instance/,
    () => 'The application gives text back where bytes are wanted: return [page.encode("utf-8")].',
  ],
  [
    /sqlite3\.OperationalError: unable to open database file/,
    () =>
      "The database's folder is missing or may not be written. A relative path is looked for in the dispatcher's own folder, in which the server starts it.",
  ],
  [
    /(?:Running on https?:\/\/|Serving HTTP on |Starting development server at |Uvicorn running on |Listening on https?:\/\/)/,
    () =>
      'It has started a web server of its own. Apache hands it requests by FastCGI: give its application to a FastCGI server instead, as WSGIServer(app).run() of fcgi.py does.',
  ],
  [
    /^(\S+\.p[ml]) did not return a true value/m,
    (file) => `${file} has to end with a true value: add the line "1;" at its end.`,
  ],
  [
    /Can't locate (\S+) in @INC/,
    (file) =>
      `Perl does not find ${file.replaceAll('/', '::').replace(/\.p[ml]$/, '')}: install it, or where it is yours, say where it lies: use FindBin; use lib $FindBin::Bin; (Perl does not look beside the program by itself).`,
  ],
  [
    /^(Global symbol "[^"]*") requires explicit package name.* line (\d+)\.$/m,
    (what, line) =>
      `${what} in line ${line} is not declared: write "my" before its first use, or mend its spelling.`,
  ],
  [
    /cannot load such file -- (\S+)/,
    (file) =>
      `Ruby does not find ${file}: install the gem; for a file of your own beside the program write require_relative '${baseName(file)}'.`,
  ],
  [
    /Failed opening required '([^']*\/vendor\/autoload\.php)'/,
    () => "Composer's packages are missing: run composer install here, and upload the folder vendor.",
  ],
  [
    /Failed opening required '([^'\n]*)'/,
    (file) => `There is no ${file}, or it may not be read: mend the path, best as __DIR__ . '/...'.`,
  ],
  [
    /Call to undefined function (mysql|ereg|split|each|create_function)(\w*)\(\)/,
    (name, rest) => `PHP no longer has ${name}${rest}(): the program is written for an older PHP.`,
  ],
  [
    /PHP Parse error: {2}(.*?) in (\S+) on line (\d+)/,
    (what, file, line) => `PHP cannot read line ${line} of ${baseName(file)}: ${what}.`,
  ],
  [
    /^(\S+):(\d+): (syntax error[^\n]*)/m,
    (file, line, what) => `Ruby cannot read line ${line} of ${baseName(file)}: ${what}.`,
  ],
  [
    /: Could not find (?:gem '?)?(\S[^\n]*?)'? in [^\n]* \(Bundler::GemNotFound\)/,
    (gems) =>
      `Ruby does not find gems of the Gemfile (${shortened(gems)}): run "bundle install" here, and on the server with the Ruby of the #! line.`,
  ],
  [
    /: (?:line )?\d+: \.?:? ?(?:cannot open )?(\S+\/activate): No such file/,
    (file) =>
      `There is no virtual environment with ${file}: make it (python3 -m venv), or mend the path; on the server it is another one than here.`,
  ],
  [
    /: (?:line )?\d+: (?:exec: )?(\S+): (?:cannot execute: )?Permission denied/,
    (file) => `The shell may not start ${file}: make it executable (chmod 755).`,
  ],
  [
    /: (?:line )?\d+: (?:exec: )?(\S+): (?:No such file or directory|(?:command )?not found)$/m,
    (program) =>
      `The shell does not find ${program}: mend the path. The server starts programs with hardly anything in PATH, so write the full path.`,
  ],
  [
    /Permission denied/,
    () =>
      'It may not read one of its files: give the account of the web server permission to (chmod 644, folders 755).',
  ],
];

/** How languages end with an error of which no more is known: Python, PHP, Ruby, Perl. */
const LAST_WORDS: readonly RegExp[] = [
  /^((?:\w+\.){0,9}\w+(?:Error|Exception): [^\n]{1,300})$/gm,
  /PHP Fatal error: {2}(?:Uncaught )?([^\n]{1,300}?) in /g,
  /: ([^\n:]{1,300} \(\w{1,99}(?:Error|Exception)\))$/gm,
  /^([^\n]{1,300} at \S{1,300} line \d+)\.$/gm,
];

function lastWordsIn(text: string): string | undefined {
  const last = LAST_WORDS.map((form) => [...text.matchAll(form)].at(-1)?.[1]).find(
    (one) => one !== undefined,
  );
  // PHP names the place in the same line.
  return last && `It wrote: ${last.replace(/(?: in \/[^\n]{1,300}:\d{1,9}|\.)$/, '').replace(/\.$/, '')}.`;
}

/** A name that a module does not have: an own module, one of Python itself, or an installed one. */
function missingName(name: string, module: string, file: string): string {
  if (!/\/(?:site|dist)-packages\/|\/lib\/python3/.test(file))
    return `${baseName(file)} has no ${name}: mend the spelling there or in the import, or import from the file that has it (${file}).`;
  if (/\/(?:site|dist)-packages\//.test(file))
    return `The installed version of ${module} has no ${name}: install the version that the program was written for, or follow its notes on what changed.`;
  return `This Python's module ${module} has no ${name}${module === 'collections' ? ' any more: import it from collections.abc' : ': it is of another version of Python'}.`;
}

function missingFile(file: string): string {
  const where = file.startsWith('/')
    ? 'mend the path; on the server it is another one than here'
    : "a relative path is looked for in the dispatcher's own folder, in which the server starts it";
  return `There is no ${file}: ${where}.`;
}

/** The first of a long list. */
const shortened = (list: string): string => list.replace(/^([^,]*, [^,]*, [^,]*), .*$/, '$1, …');

const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);
