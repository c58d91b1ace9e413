import { setTimeout as sleep } from 'node:timers/promises';
import { diagnose, reportText, type Report, type TextStyle } from '../diagnosis';
import { examine } from '../doctor';
import type { Target } from '../project';
import { harmless, paint } from './colours';
import { atMostOne, oneOf, readArguments, UsageError, type Command, type ExitCode } from './command';
import { runFixes } from './doctorFixes';
import { learn } from './doctorLearn';
import { withConnection } from './remoteSession';
import type { Terminal } from './terminal';
import { findWorkspace, targetOf, type Workspace } from './workspace';

const help = `Usage: fastcgi doctor [TARGET] [--fix [--yes]] [--format text|json]
       fastcgi doctor [TARGET] --learn [--yes] [--format text|json]

Finds out why a site fails: asks the site itself (reachable, certificate, the addresses of *.urls
files beside what the site's files foretell) and its server over SSH (the .htaccess files, the
dispatcher with its permissions, line ends, interpreter, syntax and imports, what is not uploaded,
processes, disk, the log). The likeliest cause comes first, each finding with its evidence and a
way to mend it. Nothing is changed without --fix.

  --fix      then mend what can be mended from here (permissions, line ends, upload, reload,
             recover), each after a question, and look again
  --learn    instead: find out by a temporary folder with a .htaccess per question which modules
             the server loads, what AllowOverride grants and which version it is, and save it as
             the target's "host"; after a question, and the folder is removed whatever happens
  --yes      without these questions
  --format   text (default) or json

Exit code: 0 nothing was found (or the server was learned), 1 something was, 2 wrong usage.
`;

/** Milliseconds after the fixes: what the log told before them must not be taken for what it tells now. */
const LOOK_AGAIN = 3000;

/** `fastcgi doctor`: why is my site failing? */
export const doctor: Command = {
  name: 'doctor',
  summary: 'why the site fails: the likeliest cause first, with a way to mend it',
  help,
  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = readArguments(args, {
      fix: { type: 'boolean', default: false },
      learn: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      format: { type: 'string', default: 'text' },
    });
    if (values.yes && !values.fix && !values.learn)
      throw new UsageError('--yes answers the questions of --fix and --learn.');
    if (values.fix && values.learn)
      throw new UsageError('--fix and --learn are two things: one after the other.');
    const format = oneOf('--format', values.format, ['text', 'json']);
    const workspace = findWorkspace('.', terminal);
    const target = targetOf(workspace, atMostOne(positionals, 'target'));
    if (values.learn) {
      await learn({ workspace, target, format, yes: values.yes }, terminal);
      return 0;
    }
    const report = await reportOn(workspace, target, terminal);
    // For a program only the state at the end counts; a person sees what the questions are about.
    const tell = (one: Report): void => {
      if (format === 'text') terminal.out(shown(one, terminal.colours));
    };
    tell(report);
    let last = report;
    if (values.fix && isFailing(report)) {
      // What the fixes say is no part of the JSON.
      const aside = format === 'json' ? { ...terminal, out: (text: string) => terminal.err(text) } : terminal;
      if ((await runFixes({ report, workspace, target, yes: values.yes }, aside)) > 0) {
        await sleep(LOOK_AGAIN, undefined, { signal: terminal.interrupted });
        tell((last = await reportOn(workspace, target, terminal)));
      }
    }
    if (format === 'json') terminal.out(`${JSON.stringify(last, null, 2)}\n`);
    return isFailing(last) ? 1 : 0;
  },
};

async function reportOn(workspace: Workspace, target: Target, terminal: Terminal): Promise<Report> {
  const { folder, documentRoot, project } = workspace;
  const observations = await examine({
    folder,
    documentRoot,
    project,
    target,
    use: (work) => withConnection(target, terminal, work),
    signal: terminal.interrupted,
    onStep: (step) => terminal.err(`${harmless(step)}\n`),
  });
  return diagnose(observations);
}

function isFailing({ findings }: Report): boolean {
  return findings.some(({ severity }) => severity === 'error' || severity === 'warning');
}

function shown(report: Report, colours: boolean): string {
  const colour = paint(colours);
  const styles = {
    error: colour.red,
    warning: colour.yellow,
    info: (text: string) => text,
    ok: colour.green,
  };
  const style: TextStyle = {
    severity: (severity, text) => styles[severity](text),
    quiet: colour.dim,
    strong: (text) => text,
  };
  // Lines of a log may hold anything: what a terminal would obey is shown as text, before our own colours come in.
  const harmlessReport = JSON.parse(harmlessJson(report)) as Report;
  return reportText(harmlessReport, style);
}

function harmlessJson(report: Report): string {
  return JSON.stringify(report, (_, value: unknown) => (typeof value === 'string' ? harmless(value) : value));
}
