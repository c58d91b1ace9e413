import { spawnSync } from 'node:child_process';

/** PATH of a web server's processes. */
export const SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin';

/** What each template needs beside its interpreter, and how to see that it is there. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  wsgi: ['python3', '-c', ''],
  flask: ['python3', '-c', 'import flask'],
  django: ['python3', '-c', 'import django'],
  perl: ['perl', '-MFCGI', '-e', '1'],
  php: ['php-cgi', '-v'],
  ruby: ['ruby', '-e', 'require "rack"'],
};

/** Whether the template of this name can be run on this machine. */
export function isTemplateUsable(id: string): boolean {
  const [command = '', ...args] = NEEDS[id] ?? [];
  return spawnSync(command, args, { stdio: 'ignore', env: { PATH: SEARCH_PATH } }).status === 0;
}
