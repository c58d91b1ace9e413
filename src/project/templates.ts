/** One file of a template. */
export interface TemplateFile {
  /** Below media/templates, with slashes. */
  readonly source: string;
  /** Below the new project's folder, with slashes. */
  readonly path: string;
  /** 0o755 for programs, 0o644 for all others. */
  readonly mode: number;
}

/** A kind of site that "New Project" writes. */
export interface ProjectTemplate {
  /** Permanent name, as `fastcgi new` takes it. */
  readonly id: string;
  readonly title: string;
  /** One line: what it is, and what it needs on the server. */
  readonly detail: string;
  /** What to look at first, below the new folder. */
  readonly opens: string;
  readonly files: readonly TemplateFile[];
}

/** Stands in templates where every project gets a random text of its own. */
export const SECRET_MARK = '@SECRET_KEY@';

const RULES = { htaccess: '.htaccess', 'site.urls': 'site.urls' };
const SURROUNDINGS = {
  gitattributes: '.gitattributes',
  gitignore: '.gitignore',
  editorconfig: '.editorconfig',
  'site.css': 'static/site.css',
  'error.html': 'error.html',
};
const SHARED = { ...SURROUNDINGS, ...RULES, 'project.json': '.vscode/fastcgi.json' };
const PYTHON = { ...SHARED, 'fcgi.py': 'fcgi.py' };

/** Every template, in the order in which they are offered. */
export const PROJECT_TEMPLATES: readonly ProjectTemplate[] = [
  {
    id: 'wsgi',
    title: 'Python (WSGI)',
    detail: 'Nothing but the standard library, Python 3.6 or newer',
    opens: 'app.py',
    files: [...shared(PYTHON), ...own('wsgi', ['dispatch.fcgi', 'app.py'])],
  },
  {
    id: 'flask',
    title: 'Flask',
    detail: 'Python, with Flask installed on the server',
    opens: 'app.py',
    files: [
      ...shared(PYTHON),
      ...own('flask', ['dispatch.fcgi', 'app.py', 'templates/page.html', 'templates/form.html']),
    ],
  },
  {
    id: 'django',
    title: 'Django',
    detail: 'Python, with Django 3.2 or newer installed on the server',
    opens: 'mysite/views.py',
    files: [
      ...shared({ ...PYTHON, 'not-found.html': 'mysite/templates/404.html' }),
      sharedFile('error.html', 'mysite/templates/500.html'),
      ...own('django', ['dispatch.fcgi', 'manage.py']),
      ...own(
        'django',
        ['__init__', 'logs', 'settings', 'urls', 'views', 'wsgi'].map((name) => `mysite/${name}.py`),
      ),
      ...own('django', ['mysite/templates/page.html', 'mysite/templates/form.html']),
    ],
  },
  {
    id: 'perl',
    title: 'Perl',
    detail: 'With the module FCGI, which hosts that offer FastCGI have',
    opens: 'Site.pm',
    files: [...shared(SHARED), ...own('perl', ['dispatch.fcgi', 'Site.pm'])],
  },
  {
    id: 'php',
    title: 'PHP',
    detail: 'A front controller, index.php; PHP 7.3 or newer as the host runs it',
    opens: 'site.php',
    files: [
      ...shared(SURROUNDINGS),
      { source: 'php/htaccess', path: '.htaccess', mode: 0o644 },
      { source: 'php/project.json', path: '.vscode/fastcgi.json', mode: 0o644 },
      ...own('php', ['index.php', 'site.php', 'site.urls']),
    ],
  },
  {
    id: 'ruby',
    title: 'Ruby (Rack)',
    detail: 'With the gem rack installed on the server',
    opens: 'site.rb',
    files: [...shared(SHARED), ...own('ruby', ['dispatch.fcgi', 'config.ru', 'fcgi_server.rb', 'site.rb'])],
  },
];

/** The text of a template's file as a new project gets it. `secret` is a random text of letters and digits. */
export function projectText(text: string, secret: string): string {
  return text.replaceAll(SECRET_MARK, secret);
}

function shared(files: Readonly<Record<string, string>>): TemplateFile[] {
  return Object.entries(files).map(([name, path]) => sharedFile(name, path));
}

function sharedFile(name: string, path: string): TemplateFile {
  return { source: `shared/${name}`, path, mode: 0o644 };
}

function own(folder: string, paths: readonly string[]): TemplateFile[] {
  return paths.map((path) => ({ source: `${folder}/${path}`, path, mode: modeOf(path) }));
}

function modeOf(path: string): number {
  return /\.fcgi$|^manage\.py$/.test(path) ? 0o755 : 0o644;
}
