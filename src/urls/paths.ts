/** Where the paths of a `*.urls` file begin: absolute on the server, byte strings, no slash at the end. */
export interface Place {
  readonly documentRoot: string;
  /** The folder of the `*.urls` file. */
  readonly folder: string;
}

/** A written path -> absolute on the server. Both are byte strings; a slash at the end is dropped. */
export function absolutePath(path: string, { documentRoot, folder }: Place): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? documentRoot : folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The way back: relative to the folder where the file lies below it, else from the document root. */
export function writtenPath(file: string, { documentRoot, folder }: Place): string {
  const path = file.length > 1 ? file.replace(/\/+$/, '') : file;
  if (path === folder) return '.';
  if (path.startsWith(`${folder}/`)) return path.slice(folder.length + 1);
  if (path === documentRoot) return '/';
  if (path.startsWith(`${documentRoot}/`)) return path.slice(documentRoot.length);
  return upwards(path, folder);
}

/** Outside the document root: `../private/app.fcgi`. */
function upwards(path: string, folder: string): string {
  const to = path.split('/');
  const from = folder.split('/');
  let common = 0;
  while (common < to.length && to[common] === from[common]) common += 1;
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
}
