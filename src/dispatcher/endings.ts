import { byteStringOfText } from '../text/bytes';

const utf16Decoders = { 'utf-16le': new TextDecoder('utf-16le'), 'utf-16be': new TextDecoder('utf-16be') };

/** Every line ending (CR LF, lone CR) as LF. */
export function toLf(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

/** Without a byte order mark at the start: of ordinary text or of a byte string. */
export function withoutBom(text: string): string {
  if (text.startsWith('\uFEFF')) return text.slice(1);
  return text.startsWith('\u00EF\u00BB\u00BF') ? text.slice(3) : text;
}

/** The byte string in UTF-8 of a byte string in UTF-16, without byte order mark. */
export function utf16ToUtf8(byteString: string, encoding: 'utf-16le' | 'utf-16be'): string {
  const bytes = Uint8Array.from(byteString, (character) => character.charCodeAt(0));
  return withoutBom(byteStringOfText(utf16Decoders[encoding].decode(bytes)));
}
