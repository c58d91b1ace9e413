/**
 * A word that a POSIX shell reads as exactly this text.
 * Throws on a NUL character, which no shell can take.
 */
export function shellQuote(text: string): string {
  if (text.includes('\0')) throw new TypeError('A shell word cannot hold a NUL character.');
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * A command line that runs a POSIX shell script whatever the user's login shell is; `args` become $1, $2 ... What csh (`!`, line breaks),
 * fish (`\`) or a shell without UTF-8 would not leave as it is goes there as numbers, for `printf` to make it text again.
 */
export function shellScript(script: string, args: readonly string[] = []): string {
  const words = [script, ...args];
  if (words.every((word) => isPlain.test(word)))
    return ['sh', '-c', shellQuote(script), 'sh', ...args.map(shellQuote)].join(' ');
  const whole = `set -- ${args.map(shellQuote).join(' ')}\n${script}`;
  const parts = encoded(whole).map((part) => `'${part}'`);
  return `sh -c 'eval "$(printf %b "$@")"' sh ${parts.join(' ')}`;
}

const isPlain = /^[ "-[\]-~]*$/;

/** For `printf %b`; in words that are short enough for any csh. */
function encoded(text: string): string[] {
  const bytes = [...Buffer.from(text)];
  const pieces = bytes.map((byte) => {
    const character = String.fromCharCode(byte);
    return isPlain.test(character) && character !== "'"
      ? character
      : `\\0${byte.toString(8).padStart(3, '0')}`;
  });
  const words: string[] = [];
  for (let at = 0; at < pieces.length; at += 200) words.push(pieces.slice(at, at + 200).join(''));
  return words;
}
