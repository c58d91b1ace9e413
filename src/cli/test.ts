import { oneOf, readArguments, type Command, type ExitCode } from './command';
import { formatTestReport, TEST_FORMATS } from './testFormats';
import { isPassed, testedFiles, type TestedCase } from './testRun';

const help = `Usage: fastcgi test [PATH...] [--root DIR] [--live [ADDRESS]] [--format text|json|junit|tap]

Runs the URL tests: the cases of every *.urls file below PATH (default: the current folder)
against what Apache would do with the site's files. Nothing is started. What is not there or
cannot be read is named, and the cases of the others are run. A case is one line:

  /project/hello?x=1  -> dispatch.fcgi PATH_INFO=/hello
  /project/site.css   -> file site.css
  /old                -> 301 /new

  --root     a folder with .vscode/fastcgi.json, or the folder that the web server shows as /
             (default: what .vscode/fastcgi.json beside or above each file says; without one, PATH)
  --live     also sends the requests to the real site, without following redirects, and shows where
             it differs from the prediction. ADDRESS is that of the site, https://www.example.com/
             (default: "url" of the project's target). Requests that could change something
             (POST, PUT, DELETE) are not sent.
  --format   text for people (default), json, junit (XML) or tap

Exit code: 0 all as expected, 1 differences, lines that cannot be understood, no case at all, a
PATH that is not there or a file that cannot be read, 2 wrong usage.
`;

/** `fastcgi test`: the cases of *.urls files, against the evaluator and, if wanted, the real site. */
export const test: Command = {
  name: 'test',
  summary: 'the URL tests (*.urls), without a server or against the real site',
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(withAddress(args), {
      root: { type: 'string' },
      live: { type: 'boolean', default: false },
      'live-address': { type: 'string' },
      format: { type: 'string', default: 'text' },
    });
    const format = oneOf('--format', values.format, TEST_FORMATS);
    const live = values.live ? { address: values['live-address'] } : undefined;
    const { files, faults } = await testedFiles(positionals, { root: values.root, live }, terminal);
    if (terminal.interrupted.aborted) return 1;
    const cases = files.flatMap((file) => file.cases);
    const problems = files.flatMap((file) => file.problems);
    for (const fault of faults) terminal.err(`fastcgi test: ${fault}\n`);
    if (cases.length + problems.length + faults.length === 0) {
      terminal.err('fastcgi test: there is no case to run. Cases stand in files named *.urls.\n');
    }
    terminal.out(formatTestReport({ files, colours: terminal.colours, live: values.live }, format));
    return exitCode(cases, problems.length + faults.length);
  },
};

function exitCode(cases: readonly TestedCase[], faults: number): ExitCode {
  return cases.length > 0 && faults === 0 && cases.every(isPassed) ? 0 : 1;
}

/** `--live ADDRESS` and `--live=ADDRESS`, whose value may be missing, in a form that parseArgs understands. */
function withAddress(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return args.flatMap((arg, index) => {
    if (end >= 0 && index >= end) return [arg];
    // A name with a port is meant as one, too, and is told how an address is written.
    const isAddress = (text = ''): boolean => /^(?:[a-z]+:\/\/|[\w.-]+:\d+\/?$)/i.test(text);
    if (args[index - 1] === '--live' && isAddress(arg)) return [`--live-address=${arg}`];
    return arg.startsWith('--live=') ? ['--live', `--live-address=${arg.slice(7)}`] : [arg];
  });
}
