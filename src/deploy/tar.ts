/** One file of a tar stream. */
export interface TarHeader {
  /** Path with `/`. */
  readonly name: string;
  readonly mode: number;
  /** Whole seconds since 1970. */
  readonly mtime: number;
}

const block = 512;

/** The end of a stream: two empty blocks. */
export const tarEnd = Buffer.alloc(2 * block);

/** A folder; the name ends with `/`. */
export function tarFolder(header: TarHeader): Buffer[] {
  return entry(header, Buffer.alloc(0), '5');
}

/**
 * A file as POSIX ustar has it, with a pax record for a name that does not fit (POSIX.1-2017, pax, "ustar Interchange Format"). The
 * content is not copied.
 */
export function tarEntry(header: TarHeader, content: Buffer): Buffer[] {
  return entry(header, content, '0');
}

function entry(header: TarHeader, content: Buffer, type: '0' | '5'): Buffer[] {
  const own = [headerBlock(header, content.length, type), content, padding(content)];
  if (Buffer.byteLength(header.name) <= 100) return own;
  const pax = paxRecord('path', header.name);
  const longName = headerBlock({ ...header, name: '././@PaxHeader' }, pax.length, 'x');
  return [longName, pax, padding(pax), ...own];
}

function headerBlock({ name, mode, mtime }: TarHeader, size: number, type: string): Buffer {
  const bytes = Buffer.alloc(block);
  Buffer.from(name).copy(bytes, 0, 0, 100);
  octal(bytes, mode & 0o7777, { at: 100, length: 8 });
  octal(bytes, 0, { at: 108, length: 8 });
  octal(bytes, 0, { at: 116, length: 8 });
  octal(bytes, size, { at: 124, length: 12 });
  octal(bytes, mtime, { at: 136, length: 12 });
  bytes.write('        ', 148, 'latin1');
  bytes.write(type, 156, 'latin1');
  bytes.write('ustar\u000000', 257, 'latin1');
  let sum = 0;
  for (const byte of bytes) sum += byte;
  octal(bytes, sum, { at: 148, length: 7 });
  return bytes;
}

function octal(bytes: Buffer, value: number, field: { at: number; length: number }): void {
  const text = Math.floor(value)
    .toString(8)
    .padStart(field.length - 1, '0');
  bytes.write(`${text}\u0000`, field.at, 'latin1');
}

/** `LENGTH key=value\n`, where LENGTH counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function padding(content: Buffer): Buffer {
  return tarEnd.subarray(0, -content.length & (block - 1));
}
