import ignore from 'ignore';
import { isOwnTemporaryName, nameOf } from './names';

/** Never uploaded, whatever the settings say: secrets, tools' own data, leftovers of editors, URL tests. Patterns as in .gitignore. */
const never = [
  '.vscode/',
  '.git',
  '.gitignore',
  '.gitattributes',
  '.editorconfig',
  '.hg/',
  '.svn/',
  '.idea/',
  '.fastcgi-deploy/',
  '.env',
  '.env.*',
  'node_modules/',
  '__pycache__/',
  '*.pyc',
  '.DS_Store',
  '._*',
  'Thumbs.db',
  'desktop.ini',
  '*~',
  '*.swp',
  '*.swo',
  '*.swx',
  '.#*',
  '#*#',
  '4913',
  '*.urls',
];

/** One matcher for all questions whether a path is uploaded. */
export interface IgnoreRules {
  /** `path` is relative with `/`; `folder` tells whether it is one. */
  ignores(path: string, folder: boolean): boolean;
}

/** Rules of the built-in list and of a target's own patterns (.gitignore syntax). The built-in ones cannot be taken back with `!`. */
export function ignoreRules(patterns: readonly string[] = []): IgnoreRules {
  const builtIn = ignore().add(never.map((pattern) => pattern.replace(/^#/, '\\#')));
  const own = ignore().add([...patterns]);
  return {
    ignores(path, folder) {
      if (isOwnTemporaryName(nameOf(path))) return true;
      const asked = folder ? `${path}/` : path;
      return builtIn.ignores(asked) || own.ignores(asked);
    },
  };
}
