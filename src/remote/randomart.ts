import { createHash } from 'node:crypto';

const width = 17;
const height = 9;
/** What a field shows that was visited so often; the last two mark the start and the end of the walk. */
const marks = ' .o+=*BOX@%&#/^SE';

/** Bits and name of a key type, for the frame; RSA's size is its modulus'. */
const sizes = new Map([
  ['ssh-ed25519', ['ED25519', 256]],
  ['ecdsa-sha2-nistp256', ['ECDSA', 256]],
  ['ecdsa-sha2-nistp384', ['ECDSA', 384]],
  ['ecdsa-sha2-nistp521', ['ECDSA', 521]],
] as const);

/** A picture of a host key for people who compare by eye: the walk that `ssh-keygen -lv` draws over the key's SHA-256, eleven lines. */
export function randomart(key: Buffer, keyType: string): string {
  const [name, bits] = sizes.get(keyType as 'ssh-ed25519') ?? ['RSA', rsaBits(key)];
  const field = walk(createHash('sha256').update(key).digest());
  const rows = field.map((row) => `|${row.map((count) => marks[count] ?? ' ').join('')}|`);
  return [frame(`[${name} ${bits}]`), ...rows, frame('[SHA256]')].join('\n');
}

/** Two bits a step, lowest first, diagonally, kept inside by the walls. */
function walk(digest: Buffer): number[][] {
  const field = Array.from({ length: height }, () => Array.from({ length: width }, () => 0));
  let x = Math.floor(width / 2);
  let y = Math.floor(height / 2);
  for (const byte of digest) {
    for (let shift = 0; shift < 8; shift += 2) {
      const step = byte >> shift;
      x = Math.min(width - 1, Math.max(0, x + ((step & 1) === 0 ? -1 : 1)));
      y = Math.min(height - 1, Math.max(0, y + ((step & 2) === 0 ? -1 : 1)));
      const row = field[y];
      if (row) row[x] = Math.min(marks.length - 3, (row[x] ?? 0) + 1);
    }
  }
  mark(field, { x: Math.floor(width / 2), y: Math.floor(height / 2), as: marks.length - 2 });
  mark(field, { x, y, as: marks.length - 1 });
  return field;
}

function mark(field: number[][], at: { x: number; y: number; as: number }): void {
  const row = field[at.y];
  if (row) row[at.x] = at.as;
}

function frame(title: string): string {
  const left = Math.floor((width - title.length) / 2);
  return `+${'-'.repeat(left)}${title}${'-'.repeat(width - title.length - left)}+`;
}

/** The modulus is the last field of an RSA key (RFC 4253, section 6.6), with a zero byte in front where its top bit is set. */
function rsaBits(key: Buffer): number {
  let at = 0;
  let last: Buffer = Buffer.alloc(0);
  while (at + 4 <= key.length) {
    const end = at + 4 + key.readUInt32BE(at);
    last = key.subarray(at + 4, end);
    at = end;
  }
  const first = last.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (last.length - first) * 8 - Math.clz32(last[first] ?? 0) + 24;
}
