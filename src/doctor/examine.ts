import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge } from '../apache/config/judge';
import { backOffText } from '../deploy/backOff';
import { findDispatcher } from '../deploy/dispatcher';
import { readBackOff } from '../deploy/readBackOff';
import { readRemoteFile } from '../deploy/remoteFiles';
import { asSent, listLocal } from '../deploy/scan';
import type { Answer, HtaccessView, Observations, RemoteEntry } from '../diagnosis';
import type { Project, Target } from '../project';
import type { RemoteConnection } from '../remote/connection';
import { RemoteError } from '../remote/errors';
import { loginPath } from '../remote/loginPath';
import type { SftpSession } from '../remote/sftp';
import { byteStringOf, textOfByteString } from '../text/bytes';
import { addressesOf } from './predictions';
import { entryOf, foldersDownTo, shellFacts, viewDispatcher, viewProcesses, type ShellFacts } from './server';
import { readSiteLog } from './siteLog';
import { ask, certificateOf } from './web';

export interface Examination {
  /** Absolute: the workspace folder, and the document root below it. */
  readonly folder: string;
  readonly documentRoot: string;
  readonly project: Project;
  readonly target: Target;
  /** Does something over a connection to the target. */
  readonly use: <Result>(work: (connection: RemoteConnection) => Promise<Result>) => Promise<Result>;
  readonly signal: AbortSignal;
  /** Called with a sentence for each step. */
  readonly onStep?: (text: string) => void;
}

/** Most files that are compared between this machine and the server, and most bytes of one. */
const MOST_FILES = 500;
const MOST_BYTES = 256 * 1024;
/** Milliseconds from which on an address is asked again: was it only the program's start? */
const SLOW = 5000;
/** Milliseconds after the last request in which its lines reach the log. */
const LOG_DELAY = 400;

/** What is asked of the server; the rest is known before. */
type RemotePart = Omit<Observations, 'target' | 'sshFailure' | 'answers' | 'certificate' | 'now'>;

const NOTHING: RemotePart = {
  uid: null,
  folder: null,
  folders: [],
  dispatcher: null,
  htaccess: [],
  notUploaded: [],
  different: [],
  freeBytes: null,
  quota: null,
  processes: [],
  newestCode: null,
  incidents: null,
  log: null,
  backOff: null,
  since: null,
};

/** Asks the site and the server, and changes nothing there. Rejects only when it is stopped. */
export async function examine(order: Examination): Promise<Observations> {
  const { target, project, signal } = order;
  const dispatcher = await findDispatcher(order.documentRoot, project).catch(() => undefined);
  const known = { name: target.name, url: target.url ?? null, path: target.path };
  const web: { answers: readonly Answer[]; certificate: Observations['certificate'] } = {
    answers: [],
    certificate: null,
  };
  const askSite = async () => {
    if (target.url === undefined) return;
    order.onStep?.(`Asking ${target.url}`);
    web.certificate = await certificateOf(target.url, signal);
    web.answers = await askAll({ ...order, url: target.url, host: project.host, dispatcher });
  };
  let sshFailure: Observations['sshFailure'] = null;
  let remote = NOTHING;
  try {
    order.onStep?.(`Connecting to the server of "${target.name}"`);
    remote = await order.use((connection) =>
      new RemoteExamination(order, connection, dispatcher).run(askSite),
    );
  } catch (error) {
    signal.throwIfAborted();
    sshFailure = failureOf(error);
    if (web.answers.length === 0) await askSite();
  }
  return { ...remote, target: known, sshFailure, ...web, now: Math.floor(Date.now() / 1000) };
}

async function askAll(
  order: Parameters<typeof addressesOf>[0] & Pick<Examination, 'signal' | 'onStep'>,
): Promise<readonly Answer[]> {
  const { signal, onStep } = order;
  const answers: Answer[] = [];
  for (const { url, predicted, origin } of await addressesOf(order)) {
    const answer = await patiently(ask(url, signal), onStep);
    const isSlow = answer.milliseconds >= SLOW && answer.status !== null && answer.status < 500;
    const again = isSlow ? (await ask(url, signal)).milliseconds : null;
    answers.push({ ...answer, again, predicted, origin });
    signal.throwIfAborted();
    // What cannot be reached once cannot be reached twenty times; what hangs holds a worker of the server.
    if (answer.failure !== null || answer.milliseconds > 20_000) break;
  }
  return answers;
}

/** Says why it may take long, once it does. */
async function patiently<Result>(answer: Promise<Result>, onStep: Examination['onStep']): Promise<Result> {
  const timer = setTimeout(() => {
    onStep?.(
      'Still waiting for an answer: mod_fcgid starts a program that ended again and again only after up to a minute',
    );
  }, SLOW);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}

function failureOf(error: unknown): { reason: string; message: string } {
  const cause = error instanceof Error && error.cause instanceof RemoteError ? error.cause : error;
  const reason = cause instanceof RemoteError ? cause.reason : 'failure';
  return { reason, message: cause instanceof Error ? cause.message : String(cause) };
}

/** What is seen over one connection. */
class RemoteExamination {
  readonly #order: Examination;
  readonly #connection: RemoteConnection;
  readonly #dispatcher: string | undefined;

  constructor(order: Examination, connection: RemoteConnection, dispatcher: string | undefined) {
    this.#order = order;
    this.#connection = connection;
    this.#dispatcher = dispatcher;
  }

  /** The site is asked in the middle: its failures are then in the log. */
  async run(askSite: () => Promise<void>): Promise<RemotePart> {
    const { target, onStep } = this.#order;
    const session = await this.#connection.sftp();
    const facts = await shellFacts(this.#connection);
    const since = facts.now === null || facts.zone === null ? null : facts.now + facts.zone * 60;
    await askSite();
    const path = loginPath(target.path);
    const root = await session.realpath(path).catch(() => path);
    const folder = await entryOf(session, root);
    onStep?.('Reading the log');
    const log = await this.#log(session, root);
    const host = {
      uid: facts.uid,
      quota: facts.quota,
      freeBytes: (await session.room(root).catch(() => undefined))?.bytes ?? null,
    };
    if (folder.kind !== 'directory') return { ...NOTHING, ...host, ...log, folder, since };
    onStep?.('Looking at the files on the server');
    return { ...NOTHING, ...host, ...log, folder, since, ...(await this.#files(session, root, facts)) };
  }

  async #files(session: SftpSession, root: string, facts: ShellFacts): Promise<Partial<RemotePart>> {
    const name = this.#dispatcher;
    const dispatcher =
      name === undefined ? null : await viewDispatcher(this.#connection, { path: `${root}/${name}`, name });
    const home = dispatcher === null ? root : dispatcher.path.slice(0, dispatcher.path.lastIndexOf('/'));
    const local = (await listLocal(this.#order.documentRoot, this.#order.target.ignore))
      .filter((path) => !path.endsWith('.urls') && !path.startsWith('.vscode/'))
      .slice(0, MOST_FILES);
    return {
      dispatcher,
      folders: await foldersDownTo(session, home, facts.uid),
      htaccess: await this.#htaccess(session, root, local),
      ...(await this.#compare(session, root, local)),
      processes: dispatcher === null ? [] : await viewProcesses(this.#connection, dispatcher.path, facts),
      newestCode: await newestIn(session, home),
    };
  }

  async #htaccess(
    session: SftpSession,
    root: string,
    local: readonly string[],
  ): Promise<readonly HtaccessView[]> {
    const names = new Set(['.htaccess', ...local.filter((path) => path.endsWith('.htaccess'))]);
    const views: HtaccessView[] = [];
    for (const name of names) {
      const path = `${root}/${name}`;
      const entry = await entryOf(session, path);
      if (entry.kind !== 'file') continue;
      const content = await readRemoteFile(session, path, MOST_BYTES).catch(() => undefined);
      const verdict = content && judge(byteStringOf(content), this.#order.project.host);
      const own = await readFile(join(this.#order.documentRoot, name)).catch(() => undefined);
      const passwords = content && /^\s*AuthUserFile\s+"?(\/[^"\s]+)/im.exec(content.toString('latin1'))?.[1];
      const isThere = passwords === undefined || (await session.find(passwords)) !== undefined;
      views.push({
        path,
        mode: entry.mode,
        refusal:
          !verdict || verdict.ok
            ? null
            : { line: verdict.line, message: textOfByteString(verdict.message ?? '') },
        isSame: own && content ? own.equals(content) : null,
        missingPasswords: isThere ? null : (passwords ?? null),
      });
    }
    return views;
  }

  async #compare(
    session: SftpSession,
    root: string,
    local: readonly string[],
  ): Promise<Pick<RemotePart, 'notUploaded' | 'different'>> {
    const notUploaded: string[] = [];
    const different: string[] = [];
    for (const name of local) {
      const entry = await session.find(`${root}/${name}`);
      if (!entry) notUploaded.push(name);
      else if (entry.kind === 'file' && !(await this.#isSame(session, root, { name, size: entry.size })))
        different.push(name);
    }
    return { notUploaded, different };
  }

  async #isSame(
    session: SftpSession,
    root: string,
    { name, size }: { name: string; size: number },
  ): Promise<boolean> {
    const own = await readFile(join(this.#order.documentRoot, name)).catch(() => undefined);
    if (own === undefined) return true;
    const sent = name.endsWith('.fcgi') || name.endsWith('.cgi') ? asSent(own) : own;
    if (sent.length !== size) return false;
    if (size > MOST_BYTES) return true;
    const there = await readRemoteFile(session, `${root}/${name}`, MOST_BYTES).catch(() => undefined);
    return there === undefined || there.equals(sent);
  }

  /** What the log tells of the requests that were just made, and of those before. */
  async #log(session: SftpSession, root: string): Promise<Pick<RemotePart, 'incidents' | 'log' | 'backOff'>> {
    await new Promise((resolve) => setTimeout(resolve, LOG_DELAY));
    const { path, problem, incidents } = await readSiteLog(session, { target: this.#order.target, root });
    if (path === undefined) return { incidents: null, log: null, backOff: null };
    if (problem !== undefined) return { incidents: null, log: { path, problem }, backOff: null };
    return { incidents, log: { path, problem: null }, backOff: await this.#backOff(path) };
  }

  /** Whether the server has given the dispatcher up for a while; by any of the names that "recover" gives it. */
  async #backOff(log: string): Promise<RemotePart['backOff']> {
    const stem = this.#dispatcher?.slice(this.#dispatcher.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
    if (stem === undefined) return null;
    const found = await readBackOff(this.#connection, log, '');
    if (!found?.path.includes(`/${stem}`)) return null;
    return { kind: found.kind, text: backOffText(found), secondsLeft: found.secondsLeft ?? null };
  }
}

const CODE = /\.(?:py|pl|pm|rb|php|fcgi)$/;

/** The newest program file in a folder and in those below it. */
async function newestIn(session: SftpSession, folder: string): Promise<Observations['newestCode']> {
  const entries = await session.readdir(folder).catch(() => []);
  const below = entries
    .filter(({ kind, name }) => kind === 'directory' && !/^(?:\.|__pycache__|node_modules|vendor)/.test(name))
    .slice(0, 20);
  const deeper = await Promise.all(
    below.map(async ({ name }) =>
      (await session.readdir(`${folder}/${name}`).catch(() => [])).map((one) => ({
        ...one,
        name: `${name}/${one.name}`,
      })),
    ),
  );
  const code = [...entries, ...deeper.flat()].filter(({ kind, name }) => kind === 'file' && CODE.test(name));
  const newest = code.reduce<RemoteEntry | undefined>((best, { name, mtime, mode, uid }) => {
    return best && best.mtime >= mtime ? best : { path: `${folder}/${name}`, kind: 'file', mtime, mode, uid };
  }, undefined);
  return newest ? { path: newest.path, mtime: newest.mtime } : null;
}
