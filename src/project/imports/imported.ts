import type { TargetInput } from '../schema';

/** A password or passphrase that another program kept in a file, and whose it is. It goes to the secret store and nowhere else. */
export interface ImportedSecret {
  readonly kind: 'password' | 'passphrase';
  readonly host: string;
  readonly port: number;
  /** Empty where the file does not say. */
  readonly user: string;
  /** The key file of a passphrase. */
  readonly keyFile: string;
  readonly text: string;
}

/** One server of another program's settings. */
export interface ImportedSite {
  /** A name for the target. */
  readonly name: string;
  readonly target: TargetInput;
  readonly secrets: readonly ImportedSecret[];
  /** What the site has that is not taken over, in sentences. */
  readonly notes: readonly string[];
}

/** What a file holds: sites, and sentences on what could not be read or is no SSH server. */
export interface Import {
  readonly sites: readonly ImportedSite[];
  readonly notes: readonly string[];
}

/** A site as the programs describe it, each in its own words. */
export interface SiteFields {
  readonly name: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly path: string | undefined;
  readonly keyFile?: string | undefined;
  readonly password?: string | undefined;
  readonly passphrase?: string | undefined;
  readonly ignore?: readonly string[];
  readonly notes?: readonly string[];
}

/** The site as a target of the project file, with its secrets apart; undefined for a host that is no name. */
export function siteOf(fields: SiteFields): ImportedSite | undefined {
  const { name, host, user, keyFile, ignore } = fields;
  const port = fields.port ?? 22;
  if (!/^[^\s-]\S*$/.test(host) || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  const known = user !== undefined && /^[^\s@-][^\s@]*$/.test(user) ? user : undefined;
  const ssh = {
    host,
    ...(port === 22 ? {} : { port }),
    ...(known === undefined ? {} : { user: known }),
    ...(keyFile === undefined || keyFile === '' ? {} : { identityFile: keyFile }),
  };
  const path = pathOf(fields.path);
  const target: TargetInput = {
    ssh,
    path,
    ...(ignore && ignore.length > 0 ? { ignore } : {}),
  };
  const notes = path === '.' ? [`It names no folder on the server: set "path" of "${name}".`] : [];
  return { name, target, secrets: secretsOf(fields, port), notes: [...(fields.notes ?? []), ...notes] };
}

function pathOf(path: string | undefined): string {
  const plain = (path ?? '').trim().replace(/(?<=.)\/+$/, '');
  return plain === '' || plain.startsWith('-') ? '.' : plain;
}

function secretsOf(fields: SiteFields, port: number): ImportedSecret[] {
  const of = { host: fields.host, port, user: fields.user ?? '', keyFile: fields.keyFile ?? '' };
  const { password, passphrase } = fields;
  return [
    ...(password ? [{ ...of, kind: 'password', text: password } as const] : []),
    ...(passphrase && of.keyFile !== '' ? [{ ...of, kind: 'passphrase', text: passphrase } as const] : []),
  ];
}

/** Names that are not yet taken: `production`, `production-2`... */
export function uniqueNames(names: readonly string[], taken: ReadonlySet<string> = new Set()): string[] {
  const used = new Set(taken);
  return names.map((wanted) => {
    const base = wanted.trim() === '' ? 'server' : wanted.trim();
    let name = base;
    for (let at = 2; used.has(name); at++) name = `${base}-${at}`;
    used.add(name);
    return name;
  });
}
