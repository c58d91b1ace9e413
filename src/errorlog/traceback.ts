/** One step of a stack, as the interpreter names it. */
export interface Frame {
  /** Path on the server. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly name: string | null;
}

/** An error of a program, put together from its lines. */
export interface Traceback {
  readonly language: 'python' | 'perl' | 'php' | 'ruby';
  /** Class of the error, as `ValueError`; for Perl and PHP's own errors a word such as `Fatal error`. */
  readonly type: string;
  readonly message: string;
  /** From the outermost call to the place of the error. */
  readonly frames: readonly Frame[];
  /** A warning lets the program go on. */
  readonly warning: boolean;
}

interface Draft {
  language: Traceback['language'];
  type: string;
  message: string;
  frames: Frame[];
  warning: boolean;
  done: boolean;
}

/** Longest part of a line that is looked at. */
const LONGEST = 2000;
const MOST_FRAMES = 100;

const PYTHON_START = /^Traceback \(most recent call last\):/;
const PYTHON_FRAME = /^ {1,8}File "(.{1,500}?)", line (\d{1,9})(?:, in (.{1,200}))?$/;
const PYTHON_END =
  /^((?:[A-Za-z_]\w{0,80}\.){0,8}[A-Z]\w{0,80}(?:Error|Exception|Warning|Exit|Interrupt|Iteration|Group|Timeout|DoesNotExist|[a-z])?)(?:: (.*))?$/;
const PYTHON_CHAIN = /^(?:During handling of the above exception|The above exception was the direct cause)/;
const PERL =
  /^(.{1,1000}?) at (\/?[^\s"']{1,500}) line (\d{1,9})(?:\.$|, (?:<.{1,40}> (?:line|chunk) \d+\.|near )|\.?$)/;
const PERL_FRAME = /^\s+(\S{1,200})\(.{0,500}\) called at (\S{1,500}) line (\d{1,9})/;
const PHP =
  /^(?:PHP message: )?(?:PHP )?(Fatal error|Parse error|Warning|Notice|Deprecated|Recoverable fatal error|Core error|Compile Error): {1,2}(.*)$/i;
/** An exception that the program has caught and written as a text: `RuntimeException: no such row in /s/index.php:12`. */
const PHP_CAUGHT =
  /^(?:PHP message: )?((?:\w{1,80}\\){0,8}\w{0,80}(?:Exception|Error))(?:: (.*))? in (\/.{1,500}?):(\d{1,9})$/;
const PHP_PLACE = /^(.*?) in (\/.{1,500}?|[A-Za-z]:\\.{1,500}?)(?::(\d{1,9})| on line (\d{1,9}))/;
const PHP_FRAME = /^#(\d{1,4}) (\S.{0,500}?)\((\d{1,9})\): (.{1,200})/;
const PHP_THROWN = /^\s+thrown in (.{1,500}) on line (\d{1,9})/;
const RUBY = /^(\/?[^\s:][^:\n]{0,500}):(\d{1,9}):in [`'](.{1,200}?)': (.*) \(([A-Z][\w:]{1,100})\)$/;
const RUBY_FRAME = /^\s+(?:from |\d{1,4}: from )?(\/?[^\s:][^:\n]{0,500}):(\d{1,9}):in [`'](.{1,200}?)'/;
/** Without a stack: `app.rb:3: syntax error, unexpected end-of-input`. */
const RUBY_SYNTAX =
  /^(\/?[^\s:][^:\n]{0,500}\.(?:rb|ru|fcgi)):(\d{1,9}): (?:warning: )?(syntax errors?.*|.*\(SyntaxError\))$/;

/** Whether an error's report begins with this line; chained reports of Python go on with the one before. */
export function beginsTraceback(text: string): boolean {
  return PYTHON_START.test(text) || PHP.test(text) || PHP_CAUGHT.test(text) || RUBY.test(text);
}

/** Cheap and generous: every line that begins an error, of a program or an interpreter, has one of these words. */
const SUSPICIOUS =
  /Traceback|Error|error|Exception|Warning|Notice|Deprecated|Fatal|fatal|File "|(?: at \S+ line \d)|not found|No such|No space|[Qq]uota|can(?:'|no)t |Can't|Could not|[Ff]ailed|ermission|denied|aborted|thread|Cannot|exceeded|violation|unavailable|bad_alloc|^(?:Content-Type|Status):|^FastCGI: |^mod_fcgid: |suexec/;

/** Whether a line of a program could be a part of what an incident tells; most lines of a busy site are not. */
export function isSuspicious(text: string): boolean {
  return SUSPICIOUS.test(text.length > LONGEST ? text.slice(0, LONGEST) : text);
}

/**
 * Puts together the errors that stand in the output of one program, line by line. What is no part of one is skipped: programs print
 * other things between. Never throws; linear.
 */
export function tracebacksIn(lines: readonly string[]): readonly Traceback[] {
  const found: Draft[] = [];
  for (const line of lines) {
    const text = line.length > LONGEST ? line.slice(0, LONGEST) : line;
    const open = found.at(-1);
    const next = step(open?.done === false ? open : undefined, text, open);
    if (next) found.push(next);
  }
  return found.flatMap((one) => (one.type === '' ? [] : [finished(one)]));
}

/** Gives a new draft where the line begins one; fills the open one otherwise. */
function step(open: Draft | undefined, text: string, last: Draft | undefined): Draft | undefined {
  if (PYTHON_START.test(text)) return draft('python');
  if (PYTHON_CHAIN.test(text)) return undefined;
  if (open?.language === 'python') return stepPython(open, text);
  const frame = PYTHON_FRAME.exec(text);
  // A syntax error is told without the usual first line.
  if (frame) return withFrame(draft('python'), frame[1], frame[2], frame[3]);
  return startPhp(text) ?? startRuby(text) ?? addFrame(last, text) ?? startPerl(text);
}

function stepPython(open: Draft, text: string): Draft | undefined {
  const frame = PYTHON_FRAME.exec(text);
  if (frame) {
    withFrame(open, frame[1], frame[2], frame[3]);
    return undefined;
  }
  if (/^\s/.test(text) || text === '') return undefined;
  const end = PYTHON_END.exec(text);
  open.done = true;
  if (!end) return undefined;
  open.type = end[1]?.split('.').at(-1) ?? '';
  open.message = end[2] ?? '';
  return undefined;
}

function startPhp(text: string): Draft | undefined {
  const found = PHP.exec(text);
  if (!found) return startCaughtPhp(text);
  const rest = found[2] ?? '';
  const place = PHP_PLACE.exec(rest);
  const uncaught = /^Uncaught ([\w\\]{1,200})(?:: | in )?/.exec(rest);
  const one = draft('php');
  one.type = uncaught?.[1]?.split('\\').at(-1) ?? found[1] ?? '';
  const message = place?.[1] ?? rest;
  one.message = uncaught ? message.replace(/^Uncaught [\w\\]+:? ?/, '') : message;
  one.warning = /^(?:Warning|Notice|Deprecated)$/i.test(found[1] ?? '');
  one.done = true;
  return place ? withFrame(one, place[2], place[3] ?? place[4], undefined) : one;
}

function startCaughtPhp(text: string): Draft | undefined {
  const found = PHP_CAUGHT.exec(text);
  if (!found) return undefined;
  const one = draft('php');
  one.done = true;
  one.type = found[1]?.split('\\').at(-1) ?? '';
  one.message = found[2] ?? '';
  return withFrame(one, found[3], found[4], undefined);
}

function startRuby(text: string): Draft | undefined {
  const syntax = RUBY_SYNTAX.exec(text);
  const found = RUBY.exec(text);
  if (!found && !syntax) return undefined;
  const one = draft('ruby');
  one.done = true;
  one.type = found?.[5] ?? 'SyntaxError';
  one.message = found?.[4] ?? syntax?.[3] ?? '';
  return found
    ? withFrame(one, found[1], found[2], found[3])
    : withFrame(one, syntax?.[1], syntax?.[2], undefined);
}

function startPerl(text: string): Draft | undefined {
  const found = PERL.exec(text);
  if (!found || PERL_FRAME.test(text) || /^(?:BEGIN failed|Compilation failed|Execution of)/.test(text))
    return undefined;
  const one = draft('perl');
  one.done = true;
  one.type = /^(?:syntax error|Global symbol|Can't locate|Bareword|String found where)/.test(text)
    ? 'Compile error'
    : 'Error';
  one.warning =
    /^(?:Use of uninitialized|Useless use|Subroutine .* redefined|Argument ".*" isn't numeric|Odd number of)/.test(
      text,
    );
  one.message = found[1] ?? '';
  return withFrame(one, found[2], found[3], undefined);
}

/** PHP and Ruby tell the error first and its callers after it: those go before what is there. Gives nothing new. */
function addFrame(last: Draft | undefined, text: string): undefined {
  const php = last?.language === 'php' ? (PHP_FRAME.exec(text) ?? undefined) : undefined;
  if (last && php && last.frames.length < MOST_FRAMES) {
    last.frames.unshift({
      file: php[2] ?? '',
      line: Number(php[3]),
      name: php[4]?.replace(/\(.*/, '') ?? null,
    });
  }
  const ruby = last?.language === 'ruby' ? RUBY_FRAME.exec(text) : null;
  if (last && ruby && last.frames.length < MOST_FRAMES)
    last.frames.unshift({ file: ruby[1] ?? '', line: Number(ruby[2]), name: ruby[3] ?? null });
  const perl = last?.language === 'perl' ? PERL_FRAME.exec(text) : null;
  if (last && perl && last.frames.length < MOST_FRAMES)
    last.frames.unshift({ file: perl[2] ?? '', line: Number(perl[3]), name: perl[1] ?? null });
  const thrown = last?.language === 'php' ? PHP_THROWN.exec(text) : null;
  if (last && thrown && last.frames.length === 0) withFrame(last, thrown[1], thrown[2], undefined);
  return undefined;
}

function withFrame(
  one: Draft,
  file: string | undefined,
  line: string | undefined,
  name: string | undefined,
): Draft {
  if (file !== undefined && line !== undefined && one.frames.length < MOST_FRAMES)
    one.frames.push({ file, line: Number(line), name: name ?? null });
  return one;
}

function draft(language: Traceback['language']): Draft {
  return { language, type: '', message: '', frames: [], warning: false, done: false };
}

function finished({ language, type, message, frames, warning }: Draft): Traceback {
  return { language, type, message, frames, warning };
}

/** Folders of interpreters and installed packages: a frame there is not the author's own code. */
const FOREIGN =
  /(?:^|\/)(?:usr\/(?:lib|share|local\/lib)|site-packages|dist-packages|vendor|node_modules|gems|perl5)\/|^</;

/** The innermost frame in code of the author's own; the innermost at all where there is none. */
export function ownFrame({ frames }: Traceback): Frame | undefined {
  return frames.findLast(({ file }) => !FOREIGN.test(file)) ?? frames.at(-1);
}
