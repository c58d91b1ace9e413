/** Whether a file is checked as a .htaccess: the file itself, and templates that become one. The same as `fastcgi check` takes. */
export function isHtaccessName(name: string): boolean {
  return name === 'htaccess.txt' || name.endsWith('.htaccess');
}

/** The last segment of a URI, decoded. */
export function nameOfUri(uri: string): string {
  return decodedPath(uri.slice(uri.lastIndexOf('/') + 1));
}

/** A path of a URI as ordinary text; a stray `%` is no escape and stays. */
export function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
