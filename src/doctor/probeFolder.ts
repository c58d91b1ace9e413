import { randomBytes } from 'node:crypto';
import { joinRemote } from '../deploy/names';
import { ignoreMissing, removeTree, writeNew } from '../deploy/remoteFiles';
import type { SftpSession } from '../remote/sftp';
import { request, type WebAnswer } from './web';

/** Folders of an examination that could not end: the connection was lost. */
const LEFT = /^fastcgi-probe-[\da-f]{12}$/;

const PAGE = 'probe.txt';

/**
 * A folder of the site, under a name that nobody guesses, in which a `.htaccess` is tried per question. `remove()` takes it away again with
 * all that is in it; what an examination left that was cut off is removed by the next.
 */
export class ProbeFolder {
  readonly #session: SftpSession;
  readonly #folder: string;
  readonly #url: URL;
  readonly #signal: AbortSignal;
  #count = 0;

  private constructor(session: SftpSession, of: { folder: string; url: URL; signal: AbortSignal }) {
    this.#session = session;
    this.#folder = of.folder;
    this.#url = of.url;
    this.#signal = of.signal;
  }

  /** Makes the folder below `root`, the site's physical folder, which `url` shows. Throws RemoteError. */
  static async make(
    session: SftpSession,
    of: { readonly root: string; readonly url: string; readonly signal: AbortSignal },
  ): Promise<ProbeFolder> {
    const left = (await session.readdir(of.root)).filter(({ name }) => LEFT.test(name));
    for (const { name } of left) await removeTree(session, joinRemote(of.root, name));
    const name = `fastcgi-probe-${randomBytes(6).toString('hex')}`;
    const folder = joinRemote(of.root, name);
    await makeFolder(session, folder);
    return new ProbeFolder(session, { ...of, folder, url: new URL(`${name}/`, of.url) });
  }

  /** What the site answers for a file beside a `.htaccess` with this text. Each question has a folder of its own: nothing is cached. */
  async ask(htaccess: string): Promise<WebAnswer> {
    this.#signal.throwIfAborted();
    const name = `q${(this.#count += 1)}`;
    const folder = joinRemote(this.#folder, name);
    await makeFolder(this.#session, folder);
    await Promise.all(
      [
        ['.htaccess', htaccess],
        [PAGE, 'A question to the server.\n'],
      ].map(([file = '', text = '']) =>
        writeNew(this.#session, joinRemote(folder, file), { text, mode: 0o644 }),
      ),
    );
    return request(new URL(`${name}/${PAGE}`, this.#url).href, this.#signal);
  }

  /** Takes the folder away, and looks that it is gone. Throws RemoteError where it cannot. */
  async remove(): Promise<void> {
    await removeTree(this.#session, this.#folder);
    await this.#session.rmdir(this.#folder).catch(ignoreMissing);
  }
}

async function makeFolder(session: SftpSession, folder: string): Promise<void> {
  await session.mkdir(folder, 0o755);
  // The account's umask may have taken bits away.
  await session.setstat(folder, { mode: 0o755 });
}
