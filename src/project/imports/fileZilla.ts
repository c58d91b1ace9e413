import { siteOf, type Import, type ImportedSite } from './imported';
import { lookup } from '../../text/lookup';

/** The SSH servers of FileZilla's site manager (`sitemanager.xml`, or what its "Export" writes). */
export function importFileZilla(text: string): Import {
  const servers = [...text.matchAll(/<Server\b[^>]*>([^]*?)<\/Server>/g)].map((match) => match[1] ?? '');
  const found = servers.map(importServer);
  const sites = found.filter((one) => typeof one !== 'string');
  const notes = found.filter((one) => typeof one === 'string');
  return { sites, notes: servers.length === 0 ? ['The file holds no server of FileZilla.'] : notes };
}

/** Number of SFTP in FileZilla's `Protocol`. */
const SFTP = '1';

function importServer(xml: string): ImportedSite | string {
  const host = fieldOf(xml, 'Host') ?? '';
  const name = fieldOf(xml, 'Name') ?? host;
  if (fieldOf(xml, 'Protocol') !== SFTP) return `"${name}" is no SFTP server: only SSH is spoken here.`;
  const port = fieldOf(xml, 'Port');
  const site = siteOf({
    name,
    host,
    port: port === undefined ? undefined : Number(port),
    user: fieldOf(xml, 'User'),
    path: remotePath(fieldOf(xml, 'RemoteDir')),
    keyFile: fieldOf(xml, 'Keyfile'),
    password: passwordOf(xml),
  });
  return site ?? `"${name}" has a host or port that cannot be used.`;
}

/** Passwords are base64 unless a master password encrypts them, in which case they are left out. */
function passwordOf(xml: string): string | undefined {
  const [, encoding, text] = /<Pass(?:\s+encoding="([^"]*)")?[^>]*>([^<]*)<\/Pass>/.exec(xml) ?? [];
  if (text === undefined || text === '') return undefined;
  if (encoding === undefined) return decoded(text);
  return encoding === 'base64' ? fromBase64(text) : undefined;
}

function fromBase64(text: string): string | undefined {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

/** FileZilla writes a path as its type, its prefix and each part with its length: `1 0 4 home 2 me`. */
function remotePath(text: string | undefined): string | undefined {
  const parts: string[] = [];
  const [, , rest] = /^(\d+) \d+ ?(.*)$/s.exec(text ?? '') ?? [];
  let left = rest ?? '';
  for (let size = /^(\d+) /.exec(left); size; size = /^(\d+) /.exec(left)) {
    const end = size[0].length + Number(size[1]);
    parts.push(left.slice(size[0].length, end));
    left = left.slice(end + 1);
  }
  return parts.length === 0 ? undefined : `/${parts.join('/')}`;
}

function fieldOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}\\b[^>]*>([^<]*)</${name}>`).exec(xml)?.[1]?.trim();
  return text === undefined || text === '' ? undefined : decoded(text);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|(\w+));/gi, (all, decimal, hex, name: string) => {
    const code =
      decimal !== undefined ? Number(decimal) : hex !== undefined ? parseInt(String(hex), 16) : undefined;
    if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    return lookup(entities, name) ?? all;
  });
}
