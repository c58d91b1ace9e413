import type { RemoteConnection } from '../remote/connection';
import type { SftpSession } from '../remote/sftp';
import { entriesBetween, type Journal, type Removal, type Switch } from './journal';
import {
  historyNames,
  newDeployId,
  ourselves,
  type Commit,
  type FileChange,
  type FileState,
  type HistoryEntry,
} from './history';
import type { Intent } from './intent';
import type { Layout } from './layout';
import type { Alias } from './manifest';
import { joinRemote } from './names';
import type { Manifest, ManifestEntry, Plan, RemoteFile, Transfer } from './plan';
import { orderOf } from './publish';
import { folderMode, type StagedFile, type StageOptions } from './stage';
import type { Lock } from './lock';
import type { Inventory, StateFolder } from './stateFolder';
import { foldersAbove, manifestAfter, type Survey } from './survey';
import type { WaitingCommand } from './waitingCommand';

/** What a deploy is called in the history. */
export interface DeployKind {
  readonly kind: 'upload' | 'rollback' | 'switch';
  readonly restores?: string;
  readonly whole?: boolean;
  readonly commit?: Commit | undefined;
  /** The dispatcher's name on the server afterwards; absent: as before. */
  readonly alias?: Alias | undefined;
}

/** What a plan is carried out with. */
export interface CarryOutParts {
  readonly connection: RemoteConnection;
  readonly session: SftpSession;
  readonly state: StateFolder;
  readonly lock: Lock;
  readonly inventory: Inventory;
  readonly what: DeployKind;
  /** Whether old history and old second names are looked for afterwards; true when absent. */
  readonly tidies?: boolean;
  /** What `historyNames` gives, where it was asked for already. */
  readonly names?: Promise<readonly string[]> | undefined;
  /** A shell that waits for what to do: where it can do all of it, no more is needed. */
  readonly command?: Promise<WaitingCommand | undefined> | undefined;
}

/** What is in the history, for those that tidy it. */
export async function namesToTidy(of: CarryOutParts): Promise<readonly string[]> {
  if (of.tidies === false) return [];
  return (of.names ?? historyNames(of.session, of.state)).catch(() => []);
}

/** What came of it; nothing where nothing was to be done. */
export interface CarriedOut {
  readonly id?: string;
  /** The folder with what was replaced or removed, where there is any. */
  readonly trash?: string;
  /** Sentences for the user. */
  readonly notes?: readonly string[];
}

/** What a deploy writes about itself: the note beforehand, the journal. Changes nothing itself. */
export class Draft {
  readonly id = newDeployId();
  readonly #of: CarryOutParts;
  readonly #options: StageOptions;

  constructor(of: CarryOutParts, options: StageOptions) {
    this.#of = of;
    this.#options = options;
  }

  /** What it is about to create. */
  intent(layout: Layout, transfers: readonly Transfer[]): Intent {
    return {
      id: this.id,
      files: transfers
        .filter(({ path }) => !layout.rootOf(path))
        .map(({ path, local }) => layout.temporaryOf(path, local.sha256)),
      folders: layout.roots.map(({ temporary }) => temporary),
    };
  }

  /** All that is needed to finish it, once its files wait under their temporary names. */
  journal(of: { found: Survey; layout: Layout; files: readonly StagedFile[] }): Journal {
    const { found, layout, files } = of;
    const after = manifestAfter(found, files);
    const alias = this.#of.what.alias ?? this.#of.inventory.alias;
    return {
      ...(alias === undefined ? {} : { alias }),
      record: this.#record(found, after),
      switches: switchesOf(layout, files, this.#options),
      modes: found.plan.modes.map(({ path, mode }) => ({
        path: joinRemote(this.#options.target, path),
        mode,
        before: found.input.remote.get(path)?.mode ?? mode,
      })),
      removals: found.plan.delete.map((path) => this.removal(path)),
      emptied: this.#emptied(found),
      saved: found.plan.change.map(({ path }) => this.removal(path)),
      entries: entriesBetween(found.manifest, after),
    };
  }

  #record({ plan, input, manifest }: Survey, after: Manifest): HistoryEntry {
    const { what, lock, inventory } = this.#of;
    const before = (path: string) => stateOf(input.remote.get(path), manifest.get(path));
    const changes: FileChange[] = [
      ...[...plan.create, ...plan.change].map(({ path, local, mode }) => ({
        path,
        before: before(path),
        after: { sha256: local.sha256, size: local.size, mode },
      })),
      ...plan.delete.map((path) => ({ path, before: before(path), after: null })),
    ];
    const { commit, alias: _, ...kind } = what;
    return {
      id: this.id,
      ...kind,
      ...(commit === undefined ? {} : { commit }),
      time: Date.now(),
      serverTime: lock.serverTime,
      by: ourselves(),
      changes,
      files: after.size,
      ...(inventory.deploy === undefined ? {} : { previous: inventory.deploy }),
    };
  }

  /** Where a file of the site goes in the trash. */
  removal(path: string): Removal {
    return { from: joinRemote(this.#options.target, path), to: this.#of.state.trashPath(this.id, path) };
  }

  /** Absolute paths of programs that are replaced. */
  programs({ change }: Plan): string[] {
    return change
      .filter(({ path }) => path === this.#options.dispatcher || path.endsWith('.fcgi'))
      .map(({ path }) => joinRemote(this.#options.target, path));
  }

  /** A folder with other permissions than ours was made by somebody for something. */
  #emptied({ plan, input }: Survey): string[] {
    const usual = folderMode(this.#options);
    const isUsual = (folder: string) =>
      folder !== '' && ((input.remote.get(folder)?.mode ?? usual) & 0o5777) === usual;
    const folders = new Set(plan.delete.flatMap(foldersAbove).filter(isUsual));
    return [...folders]
      .sort((one, other) => other.length - one.length)
      .map((folder) => joinRemote(this.#options.target, folder));
  }
}

function switchesOf(layout: Layout, staged: readonly StagedFile[], options: StageOptions): Switch[] {
  const { dispatcher } = options;
  const folders = layout.roots.map(({ temporary, final, bits }) => ({
    from: temporary,
    to: final,
    folder: true,
    size: 0,
    mode: folderMode(options) | bits,
    order: 0,
  }));
  const files = staged
    .filter(({ transfer }) => !layout.rootOf(transfer.path))
    .map(({ temporary, final, transfer }) => ({
      from: temporary,
      to: final,
      folder: false,
      size: transfer.local.size,
      mode: transfer.mode,
      order: transfer.replaces ? orderOf(transfer.path, dispatcher) : orderOfNew(transfer.path),
    }));
  return [...folders, ...files];
}

/** A new program comes before the .htaccess that will name it. */
function orderOfNew(path: string): number {
  return /\.f?cgi$/i.test(path) ? 0.5 : orderOf(path, undefined);
}

function stateOf(remote: RemoteFile | undefined, entry: ManifestEntry | undefined): FileState | null {
  if (!remote) return null;
  // Of a file that somebody else changed, only its content can tell what it is.
  const ours = entry?.size === remote.size && entry.mtime === remote.mtime ? entry.sha256 : undefined;
  const sha256 = remote.sha256 ?? ours;
  return { size: remote.size, mode: remote.mode, ...(sha256 === undefined ? {} : { sha256 }) };
}
