import {
  closeSync,
  fchmodSync,
  fstatSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  chmodSync,
  writeSync,
  existsSync,
  type Stats,
} from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type Session, type SFTPWrapper } from 'ssh2';
import type { SshTarget } from '../../src/remote/target';

const { Server, utils } = ssh2;
const { STATUS_CODE, OPEN_MODE } = utils.sftp;

/** What the test server does with one SFTP write: store it, answer "Failure", say nothing more, or end the connection. */
export type WriteFate = 'store' | 'fail' | 'freeze' | 'drop';

export interface TestServerOptions {
  /** Decides every login; accepts all when absent. */
  readonly authenticate?: (context: AuthContext) => void;
  /** Answers `exec`; refused when absent. */
  readonly exec?: (command: string) => { readonly stdout: string; readonly code: number };
  /** The folder in which accounts start; one that does not exist when absent. */
  readonly home?: string;
  readonly onWrite?: (count: number) => WriteFate;
  /** Takes every request to be a jump host, and answers none; refuses them when absent. */
  readonly holdTunnels?: boolean;
}

/** An SSH server of this process: whatever a real one would not do on demand. Without any extension of OpenSSH. */
export interface TestServer {
  readonly port: number;
  readonly target: SshTarget;
  /** Connections that are open now. */
  connections(): number;
  /** Ends every connection without a word. */
  drop(): void;
  /** Stops listening to every connection: nothing is answered any more, not even keep-alive messages. */
  freeze(): void;
  stop(): Promise<void>;
}

/** ECDSA: of the library's own Ed25519 keys a few in a thousand are malformed. */
const hostKey = utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;

/** Starts one on a free loopback port. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const open = new Set<Connection>();
  const server = new Server({ hostKeys: [hostKey] }, (client) => {
    open.add(client);
    socketOf(client).setNoDelay(true);
    client.on('close', () => open.delete(client));
    client.on('error', () => undefined);
    client.on('authentication', options.authenticate ?? ((context: AuthContext) => context.accept()));
    if (options.holdTunnels === true) client.on('tcpip', () => undefined);
    client.on('session', (accept) => serveSession(accept(), client, options));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const drop = () => {
    for (const client of open) socketOf(client).destroy();
  };
  return {
    port,
    target: {
      host: '127.0.0.1',
      port,
      user: 'tester',
      agent: 'none',
      configFile: 'none',
      identityFile: '/nowhere/key',
      knownHostsFiles: ['/nowhere/known_hosts'],
    },
    connections: () => open.size,
    drop,
    freeze: () => {
      for (const client of open) socketOf(client).pause();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        drop();
      }),
  };
}

/** ssh2's server connections have no public way to end, or to fall silent, without a word. */
function socketOf(client: Connection): Socket {
  return (client as unknown as { _sock: Socket })._sock;
}

function serveSession(channel: Session, client: Connection, options: TestServerOptions): void {
  channel.on('exec', (accept, reject, info) => {
    if (!options.exec) return reject();
    const { stdout, code } = options.exec(info.command);
    const stream = accept();
    stream.write(stdout);
    stream.exit(code);
    stream.end();
  });
  channel.on('sftp', (accept) => new DiskSftp(accept(), client, options));
}

/** SFTP version 3 on this machine's disk. */
class DiskSftp {
  readonly #sftp: SFTPWrapper;
  readonly #client: Connection;
  readonly #options: TestServerOptions;
  readonly #folders = new Map<number, { path: string; read: boolean }>();
  #writes = 0;
  #nextFolder = 1_000_000;

  constructor(sftp: SFTPWrapper, client: Connection, options: TestServerOptions) {
    this.#sftp = sftp;
    this.#client = client;
    this.#options = options;
    this.#files();
    this.#attributes();
    this.#names();
  }

  #files(): void {
    this.#sftp.on('OPEN', (id, path, flags, attributes) => {
      if (flags & OPEN_MODE.TRUNC) throw new Error(`${path} was opened for truncation`);
      const mode = flags & OPEN_MODE.WRITE ? 'wx' : 'r';
      this.#try(id, () => this.#sftp.handle(id, handleOf(openSync(path, mode, attributes.mode ?? 0o666))));
    });
    this.#sftp.on('WRITE', (id, handle, offset, data) => this.#write(id, { handle, offset, data }));
    this.#sftp.on('READ', (id, handle, offset, length) =>
      this.#try(id, () => {
        const buffer = Buffer.alloc(length);
        const count = readSync(numberOf(handle), buffer, 0, length, offset);
        if (count === 0) this.#sftp.status(id, STATUS_CODE.EOF);
        else this.#sftp.data(id, buffer.subarray(0, count));
      }),
    );
    this.#sftp.on('CLOSE', (id, handle) =>
      this.#try(id, () => {
        if (!this.#folders.delete(numberOf(handle))) closeSync(numberOf(handle));
        this.#ok(id);
      }),
    );
  }

  #write(id: number, part: { handle: Buffer; offset: number; data: Buffer }): void {
    const fate = this.#options.onWrite?.(++this.#writes) ?? 'store';
    if (fate === 'freeze') return;
    if (fate === 'drop') {
      socketOf(this.#client).destroy();
      return;
    }
    if (fate === 'fail') return this.#sftp.status(id, STATUS_CODE.FAILURE);
    this.#try(id, () => {
      writeSync(numberOf(part.handle), part.data, 0, part.data.length, part.offset);
      this.#ok(id);
    });
  }

  #attributes(): void {
    this.#sftp.on('STAT', (id, path) =>
      this.#try(id, () => this.#sftp.attrs(id, attributesOf(statSync(path)))),
    );
    this.#sftp.on('LSTAT', (id, path) =>
      this.#try(id, () => this.#sftp.attrs(id, attributesOf(lstatSync(path)))),
    );
    this.#sftp.on('FSTAT', (id, handle) =>
      this.#try(id, () => this.#sftp.attrs(id, attributesOf(fstatSync(numberOf(handle))))),
    );
    this.#sftp.on('SETSTAT', (id, path, attributes) =>
      this.#try(id, () => {
        if (attributes.mode !== undefined) chmodSync(path, attributes.mode);
        if (attributes.mtime !== undefined) utimesSync(path, attributes.atime, attributes.mtime);
        this.#ok(id);
      }),
    );
    this.#sftp.on('FSETSTAT', (id, handle, attributes) =>
      this.#try(id, () => {
        if (attributes.mode !== undefined) fchmodSync(numberOf(handle), attributes.mode);
        if (attributes.mtime !== undefined) futimesSync(numberOf(handle), attributes.atime, attributes.mtime);
        this.#ok(id);
      }),
    );
  }

  #names(): void {
    this.#sftp.on('REALPATH', (id, path) =>
      this.#try(id, () => {
        const filename = path === '.' ? (this.#options.home ?? '/nowhere') : realpathSync(path);
        this.#sftp.name(id, [{ filename, longname: filename, attrs: attributesOf(statSync('/')) }]);
      }),
    );
    this.#sftp.on('OPENDIR', (id, path) =>
      this.#try(id, () => {
        readdirSync(path);
        const number = this.#nextFolder++;
        this.#folders.set(number, { path, read: false });
        this.#sftp.handle(id, handleOf(number));
      }),
    );
    this.#sftp.on('READDIR', (id, handle) => this.#try(id, () => this.#list(id, handle)));
    this.#sftp.on('MKDIR', (id, path, attributes) => this.#do(id, () => mkdirSync(path, attributes.mode)));
    this.#sftp.on('RMDIR', (id, path) => this.#do(id, () => rmdirSync(path)));
    this.#sftp.on('REMOVE', (id, path) => this.#do(id, () => unlinkSync(path)));
    this.#sftp.on('RENAME', (id, from, to) =>
      existsSync(to) ? this.#sftp.status(id, STATUS_CODE.FAILURE) : this.#do(id, () => renameSync(from, to)),
    );
  }

  #list(id: number, handle: Buffer): void {
    const folder = this.#folders.get(numberOf(handle));
    if (!folder || folder.read) return this.#sftp.status(id, STATUS_CODE.EOF);
    folder.read = true;
    const names = readdirSync(folder.path);
    if (names.length === 0) return this.#sftp.status(id, STATUS_CODE.EOF);
    this.#sftp.name(
      id,
      names.map((name) => ({
        filename: name,
        longname: name,
        attrs: attributesOf(lstatSync(`${folder.path}/${name}`)),
      })),
    );
  }

  #do(id: number, work: () => void): void {
    this.#try(id, () => {
      work();
      this.#ok(id);
    });
  }

  #ok(id: number): void {
    this.#sftp.status(id, STATUS_CODE.OK);
  }

  #try(id: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const status =
        code === 'ENOENT'
          ? STATUS_CODE.NO_SUCH_FILE
          : code === 'EACCES'
            ? STATUS_CODE.PERMISSION_DENIED
            : STATUS_CODE.FAILURE;
      this.#sftp.status(id, status);
    }
  }
}

function handleOf(number: number): Buffer {
  const handle = Buffer.alloc(4);
  handle.writeUInt32BE(number);
  return handle;
}

function numberOf(handle: Buffer): number {
  return handle.readUInt32BE(0);
}

function attributesOf(stat: Stats): {
  mode: number;
  uid: number;
  gid: number;
  size: number;
  atime: number;
  mtime: number;
} {
  return {
    mode: stat.mode,
    uid: stat.uid,
    gid: stat.gid,
    size: stat.size,
    atime: Math.floor(stat.atimeMs / 1000),
    mtime: Math.floor(stat.mtimeMs / 1000),
  };
}
