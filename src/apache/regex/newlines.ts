/** The length of the newline at `at` by that convention, or 0. */
export function newlineLength(text: string, at: number, convention: string, utf: boolean): number {
  const c = text.charCodeAt(at);
  const isCrlf = c === 13 && text.charCodeAt(at + 1) === 10;
  switch (convention) {
    case 'CR':
      return c === 13 ? 1 : 0;
    case 'LF':
      return c === 10 ? 1 : 0;
    case 'NUL':
      return c === 0 ? 1 : 0;
    case 'CRLF':
      return isCrlf ? 2 : 0;
    case 'ANYCRLF':
      return isCrlf ? 2 : c === 13 || c === 10 ? 1 : 0;
    default:
      return isCrlf ? 2 : anyNewlineLength(text, at, c, utf);
  }
}

function anyNewlineLength(text: string, at: number, c: number, utf: boolean): number {
  if (c >= 10 && c <= 13) return 1;
  if (!utf) return c === 0x85 ? 1 : 0;
  if (c === 0xc2) return text.charCodeAt(at + 1) === 0x85 ? 2 : 0;
  const third = text.charCodeAt(at + 2);
  return c === 0xe2 && text.charCodeAt(at + 1) === 0x80 && (third === 0xa8 || third === 0xa9) ? 3 : 0;
}
