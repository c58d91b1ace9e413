/**
 * A path on the server as a path in the site's folder, with slashes; undefined where it lies elsewhere. `roots`: the folder of the site
 * on the server, as given (`public_html` is below the home folder) and as the server resolves it.
 */
export function pathInSite(path: string, roots: readonly string[]): string | undefined {
  for (const root of roots) {
    const folder = root.replace(/\/+$/, '');
    if (folder === '') continue;
    if (folder.startsWith('/')) {
      if (path.startsWith(`${folder}/`)) return tidy(path.slice(folder.length + 1));
      continue;
    }
    const at = path.indexOf(`/${folder.replace(/^~\//, '')}/`);
    if (at >= 0) return tidy(path.slice(at + folder.replace(/^~\//, '').length + 2));
  }
  return path.startsWith('/') || path.includes('..') ? undefined : tidy(path);
}

function tidy(path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') || parts.length === 0 ? undefined : parts.join('/');
}
