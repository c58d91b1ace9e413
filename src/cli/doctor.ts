import { diagnose, reportText, type Report, type TextStyle } from '../diagnosis';
import { examine } from '../doctor';
import { harmless, paint } from './colours';
import { atMostOne, oneOf, readArguments, type Command, type ExitCode } from './command';
import { withConnection } from './remoteSession';
import { findWorkspace, targetOf } from './workspace';

const help = `Usage: fastcgi doctor [TARGET] [--format text|json]

Finds out why a site fails: asks the site itself (reachable, certificate, the addresses of *.urls
files beside what the site's files foretell) and its server over SSH (the .htaccess files, the
dispatcher with its permissions, line ends, interpreter, syntax and imports, what is not uploaded,
processes, disk, the log). The likeliest cause comes first, each finding with its evidence and a
way to mend it. Nothing is changed.

  --format   text (default) or json

Exit code: 0 nothing was found, 1 something was, 2 wrong usage.
`;

/** `fastcgi doctor`: why is my site failing? */
export const doctor: Command = {
  name: 'doctor',
  summary: 'why the site fails: the likeliest cause first, with a way to mend it',
  help,
  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = readArguments(args, { format: { type: 'string', default: 'text' } });
    const format = oneOf('--format', values.format, ['text', 'json']);
    const workspace = findWorkspace('.', terminal);
    const target = targetOf(workspace, atMostOne(positionals, 'target'));
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
    const report = diagnose(observations);
    terminal.out(
      format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : shown(report, terminal.colours),
    );
    return report.findings.some(({ severity }) => severity === 'error' || severity === 'warning') ? 1 : 0;
  },
};

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
