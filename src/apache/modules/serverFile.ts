import { mergePath } from '../paths';
import type { RequestRecord } from '../request/record';
import { LineBuffer, LineReader, MAX_LINE_LENGTH } from '../syntax/lines';
import type { Command, Refusal } from './define';

/** Where ServerRoot lies on Debian and Ubuntu; a relative file name hangs below it. */
const SERVER_ROOT = '/etc/apache2';

/** APR_PATH_MAX, with the room that APR wants beside the path. */
const LONGEST_PATH = 4092;

/** An absolute path for a file name of a directive (ap_server_root_relative); undefined for one that is too long. */
export function serverRootRelative(path: string): string | undefined {
  const whole = path.startsWith('/') ? path : `${SERVER_ROOT}/${path}`;
  return whole.length > LONGEST_PATH ? undefined : mergePath(whole);
}

/** A directive's function that keeps a file's path in a field (ap_set_file_slot). */
export function fileSlot<Field extends string>(
  field: Field,
): (cmd: Command, config: Record<Field, string | undefined>, value: string) => Refusal {
  return (cmd, config, value) => {
    const path = serverRootRelative(value);
    if (path === undefined) return `${cmd.name}: Invalid file path '${value}'`;
    config[field] = path;
    return undefined;
  };
}

/**
 * The lines of a text file that names users or groups, joined and trimmed as Apache does; comments and empty lines are
 * left out. They end before a line that is too long. Undefined where the server cannot open the file.
 */
export function linesOf(r: RequestRecord, path: string): string[] | undefined {
  const file = r.site.read(path);
  if (file === undefined || file === 'unreadable') return undefined;
  const reader = new LineReader(file.content, path);
  const buffer = new LineBuffer(MAX_LINE_LENGTH);
  const lines: string[] = [];
  for (let line = reader.next(buffer); typeof line !== 'string'; line = reader.next(buffer)) {
    if (line.text !== '' && !line.text.startsWith('#')) lines.push(line.text);
  }
  return lines;
}
