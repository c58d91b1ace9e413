import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { applyEdits, formatBytes, type ArgumentStyle, type FormatOptions } from '../language';
import { byteStringOf } from '../text/bytes';
import { oneOf, readArguments, UsageError, type Command } from './command';
import { filesBelow, readRegularFile, shownPath } from './files';

const help = `Usage: fastcgi format [PATH...] [--check] [--indent N|tab] [--arguments keep|single|align]

Indents the sections of every .htaccess (also htaccess.txt and *.htaccess) below PATH (default: the
current folder) and removes blanks at line ends. What Apache reads stays the same: comments and
continued lines are kept, and a file whose meaning could change is left alone. What is not
there or cannot be read or written is named, and the others are formatted.

  --check      writes nothing, names the files that would change
  --indent     blanks for each level (default 4), or tab
  --arguments  blanks between arguments: as they are (default), single, or in columns

Exit code: 0 all files are in this form now, 1 with --check: some are not; a PATH is
not there, a file cannot be read or written, 2 wrong usage.
`;

const STYLES = ['keep', 'single', 'align'] as const satisfies readonly ArgumentStyle[];

/** `fastcgi format`: writes .htaccess files in the form that the editor gives them. */
export const format: Command = {
  name: 'format',
  summary: 'indentation of .htaccess files, without a change of what they mean',
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      check: { type: 'boolean', default: false },
      indent: { type: 'string', default: '4' },
      arguments: { type: 'string', default: 'keep' },
    });
    const options = {
      indent: indentOf(values.indent),
      arguments: oneOf('--arguments', values.arguments, STYLES),
      finalNewline: true,
    };
    const seen = new Set<string>();
    let changed = 0;
    let failed = false;
    const fail = (path: string, why: string): void => {
      failed = true;
      terminal.err(`fastcgi format: ${shownPath(path, terminal.cwd)} ${why}.\n`);
    };
    for (const path of positionals.length === 0 ? ['.'] : positionals) {
      const from = resolve(terminal.cwd, path);
      if (!existsSync(from)) {
        fail(from, 'cannot be read: there is no such file or folder');
        continue;
      }
      for await (const file of filesBelow(from)) {
        if (terminal.interrupted.aborted) return 1;
        if (file.kind !== 'htaccess' || seen.has(file.path)) continue;
        seen.add(file.path);
        const outcome = await formatFile(file.path, options, !values.check);
        if (outcome instanceof Error) fail(file.path, outcome.message);
        if (outcome !== 'changed') continue;
        changed += 1;
        terminal.out(`${shownPath(file.path, terminal.cwd)}\n`);
      }
    }
    terminal.out(summary(seen.size, changed, values.check));
    return failed || (values.check && changed > 0) ? 1 : 0;
  },
};

/** What became of a file, or would become of it where nothing is to be written; an Error says what cannot be done. */
async function formatFile(
  path: string,
  options: FormatOptions,
  mayWrite: boolean,
): Promise<'same' | 'changed' | Error> {
  const source = await readRegularFile(path).then(byteStringOf, failure('read'));
  if (source instanceof Error) return source;
  const made = applyEdits(source, formatBytes(source, options));
  if (made === source) return 'same';
  const fault = mayWrite ? await writeFile(path, made, 'latin1').catch(failure('written')) : undefined;
  return fault ?? 'changed';
}

function failure(what: 'read' | 'written'): (error: Error) => Error {
  return (error) => new Error(`cannot be ${what}: ${error.message}`);
}

function indentOf(value: string): string {
  if (value === 'tab') return '\t';
  if (!/^\d{1,2}$/.test(value)) throw new UsageError(`--indent takes a number or tab; not "${value}".`);
  return ' '.repeat(Number(value));
}

function summary(files: number, changed: number, isCheck: boolean): string {
  if (files === 0) return 'There is no .htaccess to format.\n';
  const all = `${files} file${files === 1 ? '' : 's'}`;
  return isCheck ? `${changed} of ${all} would change.\n` : `${changed} of ${all} changed.\n`;
}
