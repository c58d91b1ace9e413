/** A path of the project file as SFTP takes it: a login begins in its home folder, and `~` means nothing there. */
export function loginPath(path: string): string {
  return path.replace(/^~(?:\/+|$)/, '') || '.';
}
