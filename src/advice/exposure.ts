import type { AdviceFile } from './file';
import type { AdviceFix } from './rule';
import type { Span } from '../text/lines';

/** Names in the folder that are looked at: enough for a site's root, and a bound for a folder of uploads. */
const MOST_NAMES = 500;
/** Requests that are tried for one rule. */
const MOST_REQUESTS = 20;

/** The names of files beside the .htaccess; none where the site is not known. */
export function filesBeside({ site, directory }: AdviceFile): readonly string[] {
  return (site?.list(directory.slice(0, -1)) ?? []).slice(0, MOST_NAMES);
}

/** Those of the names (relative to the folder) whose content a visitor gets to see as it lies there. */
export function servedAsIs(file: AdviceFile, names: readonly string[]): readonly string[] {
  return names.slice(0, MOST_REQUESTS).filter((name) => {
    const target = file.urlPath + name.split('/').map(encodeBytes).join('/');
    const { status, answer } = file.probes.request(target);
    return status === 200 && answer.kind === 'file' && answer.file === file.directory + name;
  });
}

function encodeBytes(segment: string): string {
  return segment.replaceAll(
    /[^A-Za-z0-9._~-]/g,
    (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** The first line that says something: where an advice about the whole file is shown. */
export function wholeFile(file: AdviceFile): Span {
  const [first] = file.directives;
  return first === undefined ? { start: 0, end: 0 } : file.wholeOf(first);
}

/** A few names for a message. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** Adds lines at the end of the file. */
export function appended(
  { source, lineEnd }: AdviceFile,
  title: string,
  lines: readonly string[],
): AdviceFix {
  const before = source === '' || source.endsWith('\n') ? '' : lineEnd;
  const at = source.length;
  return {
    title,
    edits: [{ start: at, end: at, text: before + lines.map((line) => line + lineEnd).join('') }],
  };
}
