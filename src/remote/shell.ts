/**
 * A word that a POSIX shell (and csh for text without `!` and line breaks) reads as exactly this text.
 * Throws on a NUL character, which no shell can take.
 */
export function shellQuote(text: string): string {
  if (text.includes('\0')) throw new TypeError('A shell word cannot hold a NUL character.');
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command line that runs a POSIX shell script whatever the user's login shell is; `args` become $1, $2 ... */
export function shellScript(script: string, args: readonly string[] = []): string {
  return ['sh', '-c', shellQuote(script), 'sh', ...args.map(shellQuote)].join(' ');
}
