import { readArguments, UsageError, type Command } from './command';

const help = `Usage: fastcgi language-server --stdio

Serves an editor that speaks the Language Server Protocol, over standard input and output:
Apache's verdict and advice on every .htaccess of the workspace, completion, hover, quick
fixes, formatting and more. The host is described by .vscode/fastcgi.json in the workspace
folder; without one, a usual shared host is assumed. docs/editors.md shows how to set up
some editors.

  --clientProcessId   ignored; the server ends when its standard input ends

Exit code: 0 the editor ended it in good order, 1 the editor went away, 2 wrong usage.
`;

/** `fastcgi language-server`: for editors other than VS Code. */
export const languageServer: Command = {
  name: 'language-server',
  summary: 'the checks and all help while writing, for other editors',
  help,
  async run(args) {
    const { values, positionals } = readArguments(args, {
      stdio: { type: 'boolean', default: false },
      clientProcessId: { type: 'string' },
    });
    if (!values.stdio || positionals.length > 0)
      throw new UsageError('It is started by an editor, with --stdio and nothing else.');
    // Loaded only here: no other command needs it.
    const { serveOverStdio } = await import('../server/stdio');
    serveOverStdio();
    // The connection ends the process.
    return new Promise<never>(() => {});
  },
};
