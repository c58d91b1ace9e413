/** A network as Apache's `Require ip`, `-R` and `-ipmatch` keep it: 4 or 16 bytes and as many of a mask. */
export interface Subnet {
  readonly bytes: readonly number[];
  readonly mask: readonly number[];
}

/**
 * The network of `ADDRESS`, `ADDRESS/BITS`, `ADDRESS/MASK` or `a.b.c` (the first bytes of an IPv4 address), as APR reads
 * them. Undefined where APR refuses: names, no or more bits than the address has, IPv4 addresses in IPv6 dress.
 */
export function parseSubnet(text: string): Subnet | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  if (!/^[0-9.]+$/.test(address) && !address.includes(':')) return undefined;
  const whole = lenientIpv6(address) ?? lenientIpv4(address);
  if (!whole) return slash < 0 ? leadingBytes(address) : undefined;
  if (isMapped(whole)) return undefined;
  const mask = slash < 0 ? whole.map(() => 0xff) : parseMask(text.slice(slash + 1), whole.length);
  return mask && { bytes: whole.map((byte, at) => byte & (mask[at] ?? 0)), mask };
}

/** True when an address (of the client, or any text) lies in the network. An IPv4 address in IPv6 dress counts as IPv4. */
export function isInSubnet(subnet: Subnet, address: readonly number[]): boolean {
  const bytes = isMapped(address) ? address.slice(12) : address;
  if (bytes.length !== subnet.bytes.length) return false;
  return bytes.every((byte, at) => (byte & (subnet.mask[at] ?? 0)) === subnet.bytes[at]);
}

/**
 * The bytes of a numeric address as the system's resolver takes it: IPv6 (with or without a zone: a number, or a name on
 * link-local addresses), IPv4, and the old forms of IPv4 with fewer, octal or hexadecimal parts. Undefined for names.
 */
export function parseAddress(text: string): readonly number[] | undefined {
  const zone = text.indexOf('%');
  if (zone < 0) return strictIpv6(text) ?? parseOldIpv4(text);
  const bytes = strictIpv6(text.slice(0, zone));
  const [first = 0, second = 0] = bytes ?? [];
  const isLinkLocal =
    (first === 0xfe && (second & 0xc0) === 0x80) || (first === 0xff && (second & 0x0f) === 2);
  return isLinkLocal || /^[0-9]+$/.test(text.slice(zone + 1)) ? bytes : undefined;
}

function isMapped(bytes: readonly number[]): boolean {
  return (
    bytes.length === 16 &&
    bytes.slice(0, 10).every((byte) => byte === 0) &&
    bytes[10] === 0xff &&
    bytes[11] === 0xff
  );
}

function parseMask(text: string, length: number): readonly number[] | undefined {
  const bits = /^[ \t\n\v\f\r]*\+?([0-9]+)$/.exec(text);
  const count = Number(bits?.[1] ?? 0);
  if (bits && count > 0 && count <= length * 8) {
    return Array.from({ length }, (_, at) => 0xff & ~(0xff >> Math.max(0, Math.min(8, count - at * 8))));
  }
  return length === 4 ? lenientIpv4(text) : undefined;
}

/** `10.1` or `10.1.` means 10.1.0.0/16. Numbers wrap at 32 bits before they are checked. */
function leadingBytes(text: string): Subnet | undefined {
  if (text.length > 15 || !/^[0-9]+(\.[0-9]+){0,3}\.?$/.test(text)) return undefined;
  const parts = text
    .replace(/\.$/, '')
    .split('.')
    .map((part) => Number(part) | 0);
  if (parts.some((part) => part < 0 || part > 255)) return undefined;
  const padding = Array.from({ length: 4 - parts.length }, () => 0);
  return { bytes: [...parts, ...padding], mask: [...parts.map(() => 0xff), ...padding] };
}

/** Four decimal numbers with any number of leading zeros, as APR's own inet_pton takes them. */
function lenientIpv4(text: string): readonly number[] | undefined {
  if (!/^[0-9]+(?:\.[0-9]+){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

/**
 * APR's own inet_pton takes more than the standard: leading zeros, one colon at the end, and `::` beside all eight groups,
 * which then turns every group behind it into zeros.
 */
function lenientIpv6(text: string): readonly number[] | undefined {
  const gap = text.indexOf('::');
  const dot = text.indexOf('.');
  if (!/^[0-9a-fA-F:.]+$/.test(text) || /^:(?!:)/.test(text) || gap !== text.lastIndexOf('::'))
    return undefined;
  if (dot >= 0 && text.lastIndexOf(':') > dot) return undefined;
  const groups = text.replace('::', gap === 0 ? '' : ':').replace(/:$/, '');
  const head = bytesOfGroups(gap < 0 ? groups : text.slice(0, gap));
  const all = bytesOfGroups(groups);
  if (!head || !all || all.length > 16 || (gap < 0 && all.length < 16)) return undefined;
  if (gap < 0) return all;
  const tail = all.length < 16 ? all.slice(head.length) : [];
  return [...head, ...zeros(16 - head.length - tail.length), ...tail];
}

/** RFC 4291, as the resolver has it: no leading zeros beyond four digits, and `::` for at least one group. */
function strictIpv6(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const isWritten = groups.every(
    (group, at) => /^[0-9a-fA-F]{1,4}$/.test(group) || (at === groups.length - 1 && strictIpv4(last)),
  );
  if (!isWritten || halves.length > 2 || (last.includes('.') && halves.at(-1) === '')) return undefined;
  const count = groups.length + (last.includes('.') ? 1 : 0);
  return (halves.length === 2 ? count < 8 : count === 8) ? lenientIpv6(text) : undefined;
}

function strictIpv4(text: string): boolean {
  return (
    /^(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}$/.test(text) && lenientIpv4(text) !== undefined
  );
}

function bytesOfGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [at, group] of groups.entries()) {
    const ipv4 = at === groups.length - 1 ? lenientIpv4(group) : undefined;
    const value = /^[0-9a-fA-F]+$/.test(group) ? Number.parseInt(group, 16) : Infinity;
    if (ipv4) bytes.push(...ipv4);
    else if (value > 0xffff) return undefined;
    else bytes.push(value >> 8, value & 0xff);
  }
  return bytes;
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

/** inet_aton: one to four parts, each decimal, octal or hexadecimal; the last one fills what remains. */
function parseOldIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length > 4 || !parts.every((part) => /^(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.test(part))) {
    return undefined;
  }
  const numbers = parts.map((part) => (/^0[0-7]/.test(part) ? Number.parseInt(part, 8) : Number(part)));
  const last = numbers.pop() ?? 0;
  const room = 4 - numbers.length;
  if (numbers.some((number) => number > 255) || last >= 256 ** room) return undefined;
  return [
    ...numbers,
    ...Array.from({ length: room }, (_, at) => Math.floor(last / 256 ** (room - 1 - at)) % 256),
  ];
}
