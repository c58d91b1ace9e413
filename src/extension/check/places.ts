import { tracebacksIn } from '../../errorlog';

/** A line of a file that a program's error output names. */
export interface ErrorPlace {
  /** Absolute path. */
  readonly file: string;
  /** Zero-based. */
  readonly line: number;
  readonly message: string;
}

/** The innermost lines of the author's own files in what a program wrote, the last error first. */
export function placesIn(output: string, isOwn: (file: string) => boolean): readonly ErrorPlace[] {
  return tracebacksIn(output.split(/\r?\n/))
    .filter(({ warning }) => !warning)
    .flatMap(({ type, message, frames }): ErrorPlace[] => {
      const frame = frames.findLast(({ file }) => isOwn(file));
      return frame
        ? [{ file: frame.file, line: frame.line - 1, message: message === '' ? type : `${type}: ${message}` }]
        : [];
    })
    .reverse();
}
