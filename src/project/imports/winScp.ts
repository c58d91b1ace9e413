import { siteOf, type Import, type ImportedSite } from './imported';

/** The SSH servers of a WinSCP configuration (`WinSCP.ini`, or what "Export/Backup Configuration" writes). */
export function importWinScp(text: string): Import {
  const sections = text.split(/^\[/m).filter((section) => /^Sessions\\/i.test(section));
  const found = sections.map((section) => importSession(section)).filter((one) => one !== undefined);
  const sites = found.filter((one) => typeof one !== 'string');
  const notes = found.filter((one) => typeof one === 'string');
  return { sites, notes: found.length === 0 ? ['The file holds no session of WinSCP.'] : notes };
}

/** `FSProtocol`: SCP only, SFTP with and without falling back to SCP. Absent means SFTP. */
const overSsh = new Set(['0', '1', '2']);

function importSession(section: string): ImportedSite | string | undefined {
  const [head = '', ...lines] = section.split(/\r?\n/);
  const path = decoded(head.replace(/^Sessions\\/i, '').replace(/\]\s*$/, ''));
  const name = path.split('/').at(-1) ?? path;
  const fields = new Map(lines.map((line) => [before(line), decoded(line.slice(before(line).length + 1))]));
  const host = fields.get('HostName');
  if (host === undefined || host === '') return undefined;
  if (!overSsh.has(fields.get('FSProtocol') ?? '2'))
    return `"${name}" is no SFTP server: only SSH is spoken here.`;
  const port = fields.get('PortNumber');
  const notes = fields.has('Password')
    ? ['WinSCP keeps its passwords in a form of its own: it will be asked for.']
    : [];
  const site = siteOf({
    name,
    host,
    port: port === undefined ? undefined : Number(port),
    user: fields.get('UserName'),
    path: fields.get('RemoteDirectory'),
    keyFile: keyOf(fields.get('PublicKeyFile')),
    notes: [...notes, ...keyNotes(fields.get('PublicKeyFile'))],
  });
  return site ?? `"${name}" has a host or port that cannot be used.`;
}

/** PuTTY's own format of keys is another one than OpenSSH's. */
function keyOf(file: string | undefined): string | undefined {
  return file?.toLowerCase().endsWith('.ppk') ? undefined : file;
}

function keyNotes(file: string | undefined): string[] {
  return file !== undefined && keyOf(file) === undefined
    ? [
        `Its key ${file} is in PuTTY's format: load it into Pageant, or convert it with PuTTYgen ("Export OpenSSH key").`,
      ]
    : [];
}

function before(line: string): string {
  return line.split('=', 1)[0] ?? '';
}

/** `%20` for bytes that an INI file does not take; a byte order mark may stand in front of UTF-8. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text).replace(/^\uFEFF/, '');
  } catch {
    return text;
  }
}
