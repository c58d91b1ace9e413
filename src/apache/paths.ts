/** A path as the operating system takes it from Apache, which stands in `/`: other paths begin there. */
export function fromRoot(path: string): string {
  return (path.startsWith('/') ? path : `/${path}`).replaceAll(/\/(?:\.?\/)+/g, '/');
}

/** Cleans a path of the server as apr_filepath_merge does: no `.`, `..` or empty segment; a slash at the end stays. */
export function mergePath(path: string): string {
  if (path.startsWith('/') && !path.includes('//') && !path.includes('/.')) return path;
  const kept: string[] = [];
  const segments = path.split('/');
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1;
    if (segment === '..') kept.pop();
    if (segment === '' || segment === '.' || segment === '..') {
      if (isLast && kept.length > 0) kept.push('');
      return;
    }
    kept.push(segment);
  });
  return `/${kept.join('/')}`;
}

/** True where a link leads out of a folder by its text, which is empty where nobody told it. All are byte strings, `link` and `root` absolute. */
export function leadsOut(link: string, target: string, root: string): boolean {
  const folder = link.slice(0, link.lastIndexOf('/') + 1);
  const end = mergePath(target.startsWith('/') ? target : folder + target);
  return target === '' || !`${end}/`.startsWith(`${root}/`);
}
