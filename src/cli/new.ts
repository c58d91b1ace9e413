import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { PROJECT_TEMPLATES, type ProjectTemplate } from '../project/templates';
import { createProject, ProjectExistsError, ProjectUnwritableError } from '../runner/newProject';
import { ActionError, readArguments, UsageError, type Command } from './command';
import type { Terminal } from './terminal';

const width = Math.max(...PROJECT_TEMPLATES.map(({ id }) => id.length));
const list = PROJECT_TEMPLATES.map(({ id, title, detail }) => `  ${id.padEnd(width)}  ${title}: ${detail}\n`);

const help = `Usage: fastcgi new TEMPLATE [FOLDER]

Writes a site to start from into FOLDER (default: the current one): dispatcher, .htaccess, pages, URL
tests and .vscode/fastcgi.json. Files that are there already are never touched.

${list.join('')}
Exit code: 0 written, 1 not written, 2 wrong usage.
`;

/** `fastcgi new`: a site to start from. */
export const newCommand: Command = {
  name: 'new',
  summary: 'a site to start from: Python, Flask, Django, Perl, PHP or Ruby',
  help,
  async run(args, terminal) {
    const { positionals } = readArguments(args, {});
    const [id, into = '.', ...rest] = positionals;
    if (rest.length > 0) throw new UsageError('One template and one folder at most.');
    const folder = resolve(terminal.cwd, into);
    const paths = await written(templateOf(id), folder);
    terminal.out(paths.map((path) => `${shown(join(folder, path), terminal)}\n`).join(''));
    const first = paths.some((path) => path.endsWith('.fcgi')) ? 'preflight' : 'check';
    terminal.err(`\nNext: fastcgi ${first}, fastcgi serve${into === '.' ? '' : ` (in ${into})`}\n`);
    return 0;
  },
};

function templateOf(id: string | undefined): ProjectTemplate {
  const found = PROJECT_TEMPLATES.find((one) => one.id === id);
  if (found) return found;
  const names = PROJECT_TEMPLATES.map((one) => one.id).join(', ');
  throw new UsageError(
    id === undefined ? `Name a template: ${names}.` : `There is no template "${id}": ${names}.`,
  );
}

async function written(template: ProjectTemplate, folder: string): Promise<readonly string[]> {
  try {
    return await createProject({ template, templates: templatesFolder(), folder });
  } catch (error) {
    if (error instanceof ProjectExistsError || error instanceof ProjectUnwritableError)
      throw new ActionError(`${error.message} Name another folder.`);
    throw error;
  }
}

/** media/templates, beside the folder of the bundle or above that of the sources. */
function templatesFolder(): string {
  for (let at = __dirname; ; at = dirname(at)) {
    const folder = join(at, 'media', 'templates');
    if (existsSync(folder)) return folder;
    if (dirname(at) === at) throw new ActionError('The templates are missing: install the command again.');
  }
}

function shown(path: string, terminal: Terminal): string {
  return relative(terminal.cwd, path);
}
