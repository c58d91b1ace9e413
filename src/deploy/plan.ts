/** A local file that is to be on the server. */
export interface LocalFile {
  /** Relative to the project's folder, with `/`. */
  readonly path: string;
  /** Bytes as they will be sent. */
  readonly size: number;
  /** Hex SHA-256 of what will be sent. */
  readonly sha256: string;
  /** True for programs: `.fcgi`, `.cgi`, and everything with a `#!` line. */
  readonly executable: boolean;
  /** The file here that has the content, where it bears another name there. */
  readonly source?: string;
  /** The content itself, where no file here has it. */
  readonly content?: Uint8Array;
}

/** What we put on the server, and how it looked there afterwards. */
export interface ManifestEntry {
  readonly sha256: string;
  readonly size: number;
  /** Whole seconds by the server's clock. It is compared with the server's own later answer only, so clocks need not agree. */
  readonly mtime: number;
}

export type Manifest = ReadonlyMap<string, ManifestEntry>;

/** What is on the server. */
export interface RemoteFile {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  readonly mtime: number;
  /** Permission bits. */
  readonly mode: number;
  /** Numbers of its owner and its group, where the server tells. */
  readonly uid?: number;
  readonly gid?: number;
  /** Known only where it was asked for (see `pathsToHash`). */
  readonly sha256?: string;
}

/** Why a file is not overwritten or deleted. */
export type ConflictReason = 'changed-on-server' | 'not-from-here' | 'not-a-file' | 'behind-link';

export interface Conflict {
  readonly path: string;
  readonly reason: ConflictReason;
}

/** A file to send. `replaces` is what it replaces; `foreign` marks work of others, which must be kept aside. */
export interface Transfer {
  readonly path: string;
  readonly local: LocalFile;
  readonly mode: number;
  readonly replaces: RemoteFile | undefined;
  readonly foreign: boolean;
  /** The group that it must have, as its permissions say something else for it than for others. */
  readonly group?: number | undefined;
  /** An absolute path on the server that has the content; absent: the local file has it. */
  readonly source?: string;
}

export interface Plan {
  readonly create: readonly Transfer[];
  readonly change: readonly Transfer[];
  /** Right content, wrong permissions. */
  readonly modes: readonly { readonly path: string; readonly mode: number }[];
  readonly delete: readonly string[];
  readonly keep: readonly string[];
  readonly conflicts: readonly Conflict[];
  /** Folders to create, parents first. */
  readonly folders: readonly string[];
  /** Those of them that come to lie in a setgid folder, and so are setgid themselves. */
  readonly setgid: ReadonlySet<string>;
  /** Manifest entries of files that nobody has any more. */
  readonly forget: readonly string[];
  /** The permission bits of programs that are on both sides, or will be. */
  readonly programs: readonly ProgramModes[];
}

/** `before`: on the server now, absent where there is none; `after`: once the plan is carried out. */
export interface ProgramModes {
  readonly path: string;
  readonly before?: number;
  readonly after: number;
}

/** Permission bits that a target wants for what is uploaded; what is not named keeps the server's, or gets the usual ones. */
export interface Modes {
  readonly files?: number;
  readonly programs?: number;
  /** Of new folders. */
  readonly folders?: number;
}

export interface PlanInput {
  readonly local: ReadonlyMap<string, LocalFile>;
  readonly manifest: Manifest;
  /** By relative path; '' is the target itself. */
  readonly remote: ReadonlyMap<string, RemoteFile>;
  /** Folders that exist on the server, relative; '' is the target itself. */
  readonly folders: ReadonlySet<string>;
  /** Whether, or for which paths, conflicts with files are resolved in favour of the local side. */
  readonly overwrite: boolean | readonly string[];
  readonly modes?: Modes | undefined;
  /** Number of the account, where it is known. */
  readonly account?: number | undefined;
}

/** Paths of which only the content can tell whether somebody else changed them. */
export function pathsToHash(input: PlanInput): string[] {
  return [...input.remote]
    .filter(([path, remote]) => contentDecides(path, remote, input))
    .map(([path]) => path);
}

function contentDecides(path: string, remote: RemoteFile, input: PlanInput): boolean {
  const entry = input.manifest.get(path);
  if (remote.kind !== 'file' || isUntouched(entry, remote)) return false;
  return remote.size === input.local.get(path)?.size || remote.size === entry?.size;
}

type Decision =
  | { readonly kind: 'create' | 'change' | 'keep' | 'delete' | 'forget' | 'nothing' }
  | { readonly kind: 'conflict'; readonly reason: ConflictReason };

/** The plan for local files, our manifest and the server's files. Deletes only what we put there and nobody changed. Pure. */
export function makePlan(input: PlanInput): Plan {
  const plan = {
    create: [] as Transfer[],
    change: [] as Transfer[],
    modes: [] as { path: string; mode: number }[],
    delete: [] as string[],
    keep: [] as string[],
    conflicts: [] as Conflict[],
    forget: [] as string[],
    programs: [] as ProgramModes[],
  };
  const paths = [...new Set([...input.local.keys(), ...input.manifest.keys()])].sort();
  for (const path of paths) {
    const local = input.local.get(path);
    const remote = input.remote.get(path);
    const decision = isBehindLink(path, input.remote)
      ? behindLink(local)
      : decide({ local, remote, entry: input.manifest.get(path) });
    const wanted = input.overwrite === true || (input.overwrite !== false && input.overwrite.includes(path));
    const resolved = wanted ? overruled(decision, local) : decision;
    const foreign = resolved !== decision;
    if (local?.executable === true) addProgram(plan.programs, local, { remote, kind: resolved.kind, input });
    if (resolved.kind === 'conflict') plan.conflicts.push({ path, reason: resolved.reason });
    else if (resolved.kind === 'delete') plan.delete.push(path);
    else if (resolved.kind === 'forget') plan.forget.push(path);
    else if (local && resolved.kind === 'keep') addKept(plan, local, remote, input);
    else if (local && (resolved.kind === 'create' || resolved.kind === 'change')) {
      const mode = wantedMode(local, remote, input.modes);
      const group = groupFor(mode, remote?.gid);
      plan[resolved.kind].push({ path, local, mode, replaces: remote, foreign, group });
    }
  }
  const folders = missingFolders(plan.create, input.folders);
  return { ...plan, folders, setgid: setgidFolders(folders, input.remote) };
}

function addProgram(
  programs: ProgramModes[],
  local: LocalFile,
  of: {
    readonly remote: RemoteFile | undefined;
    readonly kind: Decision['kind'];
    readonly input: PlanInput;
  },
): void {
  const { remote, kind, input } = of;
  if (remote !== undefined && remote.kind !== 'file') return;
  const before = remote?.mode;
  const stays = kind === 'conflict' || (kind === 'keep' && isForeign(remote, input));
  const after = stays ? before : wantedMode(local, remote, input.modes);
  if (after !== undefined)
    programs.push({ path: local.path, ...(before !== undefined && { before }), after });
}

/** A link on the way may lead anywhere, out of the site too: nothing is written or removed through it. */
function isBehindLink(path: string, remote: ReadonlyMap<string, RemoteFile>): boolean {
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const kind = remote.get(path.slice(0, at))?.kind;
    if (kind !== undefined && kind !== 'directory') return true;
  }
  return false;
}

function behindLink(local: LocalFile | undefined): Decision {
  return local ? { kind: 'conflict', reason: 'behind-link' } : { kind: 'forget' };
}

function decide(of: {
  local: LocalFile | undefined;
  remote: RemoteFile | undefined;
  entry: ManifestEntry | undefined;
}): Decision {
  const { local, remote, entry } = of;
  if (!remote) return { kind: local ? 'create' : 'forget' };
  if (remote.kind !== 'file') return local ? { kind: 'conflict', reason: 'not-a-file' } : { kind: 'forget' };
  const content = isUntouched(entry, remote) ? entry?.sha256 : remote.sha256;
  if (local && content === local.sha256) return { kind: 'keep' };
  if (entry && content === entry.sha256) return { kind: local ? 'change' : 'delete' };
  return { kind: 'conflict', reason: entry ? 'changed-on-server' : 'not-from-here' };
}

function isUntouched(entry: ManifestEntry | undefined, remote: RemoteFile): boolean {
  return entry !== undefined && entry.size === remote.size && entry.mtime === remote.mtime;
}

/** A folder or a link in the way is never overruled: replacing it would break more than a file. */
function overruled(decision: Decision, local: LocalFile | undefined): Decision {
  if (decision.kind !== 'conflict') return decision;
  if (decision.reason === 'not-a-file' || decision.reason === 'behind-link') return decision;
  return { kind: local ? 'change' : 'delete' };
}

function addKept(
  plan: { keep: string[]; modes: { path: string; mode: number }[] },
  local: LocalFile,
  remote: RemoteFile | undefined,
  input: PlanInput,
): void {
  plan.keep.push(local.path);
  const mode = wantedMode(local, remote, input.modes);
  if (remote && remote.mode !== mode && !isForeign(remote, input))
    plan.modes.push({ path: local.path, mode });
}

/** Only its owner, and root, may change a file's permissions. */
function isForeign(remote: RemoteFile | undefined, { account }: PlanInput): boolean {
  if (account === undefined || account === 0 || remote?.uid === undefined) return false;
  return remote.uid !== account;
}

/** Write permission for group and others, and the setuid, setgid and sticky bits: suEXEC refuses to run such a file. */
const neverSet = 0o7022;

/** The target's own mode; else the server's where it has one, made safe and, for programs, executable; else 755 or 644. */
export function wantedMode(local: LocalFile, remote: RemoteFile | undefined, modes: Modes = {}): number {
  const own = local.executable ? modes.programs : modes.files;
  if (own !== undefined) return own;
  if (!remote) return local.executable ? 0o755 : 0o644;
  const kept = remote.mode & ~neverSet;
  if (!local.executable) return kept | 0o400;
  return (kept & 0o500) === 0o500 ? kept : 0o755;
}

/** The group that a file must keep; undefined where its permissions are the same for everybody, or the server does not tell. */
export function groupFor(mode: number, gid: number | undefined): number | undefined {
  return ((mode >> 3) & 7) === (mode & 7) ? undefined : gid;
}

/** As mkdir(2) has it: what is made in a setgid folder gets its group and the bit. */
function setgidFolders(folders: readonly string[], remote: PlanInput['remote']): Set<string> {
  const found = new Set<string>();
  for (const path of folders) {
    const above = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (found.has(above) || ((remote.get(above)?.mode ?? 0) & 0o2000) !== 0) found.add(path);
  }
  return found;
}

function missingFolders(create: readonly Transfer[], present: ReadonlySet<string>): string[] {
  const missing = new Set<string>();
  for (const { path } of create) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at);
      if (!present.has(folder)) missing.add(folder);
    }
  }
  return [...missing].sort(
    (one, other) => one.split('/').length - other.split('/').length || (one < other ? -1 : 1),
  );
}
