import { ALL_MODULES } from '../apache/modules/all';
import { hostProfile, isAtLeast, type HostProfile } from '../apache/host';
import { forEachLimited } from '../deploy/remoteFiles';
import { resolveTargetFolder } from '../deploy/targetFolder';
import type { Target } from '../project';
import type { RemoteConnection } from '../remote/connection';
import { FOREIGN_WITNESSES, whereKnown, type ForeignWitness } from './foreignWitnesses';
import { ProbeFolder } from './probeFolder';

/** What a server's answers tell of it: the fields of a host profile that could be seen. */
export interface LearnedHost {
  readonly host: Partial<
    Pick<
      HostProfile,
      'apache' | 'fcgid' | 'modules' | 'directives' | 'allowOverride' | 'allowOverrideOptions'
    >
  >;
  /** What could not be seen, and why; one sentence each. */
  readonly notes: readonly string[];
}

export interface LearningOrder {
  readonly target: Target;
  readonly signal: AbortSignal;
  readonly onStep?: (text: string) => void;
}

/** Why nothing could be learned. */
export class LearningError extends Error {
  readonly reason: 'no-url' | 'no-answer' | 'broken-site' | 'other-place' | 'other-server' | 'refused';

  constructor(reason: LearningError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Questions that are open at once: a small host should not notice. */
const WIDTH = 4;
const MOST_PATCH = 99;
const HEADER = 'x-fastcgi-learned';

/**
 * Refused wherever a `.htaccess` is read: it may stand in each, and `Nonfatal` forgives unknown and forbidden directives only. The words
 * stand in the server's log. Not in a section that is skipped.
 */
const BAD = 'Error "a question of the FastCGI doctor, no fault"';

/** Each class of AllowOverride by a directive of it; `wrong` is refused for its argument where the class is granted. */
const CLASSES = [
  { name: 'AuthConfig', right: 'Require all granted', wrong: 'Require no-such-provider' },
  { name: 'FileInfo', right: 'AcceptPathInfo Default', wrong: 'AcceptPathInfo nonsense' },
  {
    name: 'Indexes',
    right: 'DirectoryIndexRedirect off',
    wrong: 'DirectoryIndexRedirect nonsense',
    of: 'mod_dir',
  },
  { name: 'Limit', right: 'Order deny,allow', wrong: 'Order nonsense', of: 'mod_access_compat' },
  { name: 'Options', right: 'ContentDigest Off', wrong: 'ContentDigest nonsense' },
] as const;

const OPTIONS = [
  'Indexes',
  'Includes',
  'IncludesNOEXEC',
  'FollowSymLinks',
  'SymLinksIfOwnerMatch',
  'ExecCGI',
  'MultiViews',
] as const;

/**
 * Finds out by a temporary folder with a `.htaccess` per question which modules a server loads, what its AllowOverride grants and which
 * version it is. A person is to be asked first: the questions are some twenty requests (over a hundred where headers cannot be set), about
 * half of which answer 500 and stand in the error log. The folder is removed whatever happens.
 * @throws LearningError where the site gives no usable answer, RemoteError when the folder cannot be made or removed
 */
export async function learnHost(connection: RemoteConnection, order: LearningOrder): Promise<LearnedHost> {
  const { target, signal } = order;
  if (target.url === undefined)
    throw new LearningError('no-url', `The target "${target.name}" has no "url" at which it could be asked.`);
  const session = await connection.sftp();
  const root = await resolveTargetFolder(session, target.path);
  const folder = await ProbeFolder.make(session, { root, url: target.url, signal });
  try {
    return await new Learner(folder, order).run();
  } finally {
    await folder.remove();
  }
}

class Learner {
  readonly #folder: ProbeFolder;
  readonly #order: LearningOrder;
  readonly #notes: string[] = [];
  /** Status of the answer to no question. */
  #usual = 200;

  constructor(folder: ProbeFolder, order: LearningOrder) {
    this.#folder = folder;
    this.#order = order;
  }

  async run(): Promise<LearnedHost> {
    this.#step('Whether a .htaccess is read');
    const { server, status } = await this.#control();
    if (!(await this.#refuses(BAD))) {
      mustBeApache(server, status);
      this.#notes.push('No .htaccess is read there (AllowOverride None), so nothing else could be seen.');
      return { host: { allowOverride: ['None'] }, notes: this.#notes };
    }
    this.#step('What AllowOverride grants');
    const nonfatal = await this.#nonfatal();
    const fileInfo = await this.#grants('FileInfo', nonfatal.forbidden);
    this.#step('Which modules are loaded');
    const { modules, patch, foreign } = await this.#modules(fileInfo);
    const classes = await this.#classes(modules, nonfatal.forbidden);
    const options = classes.includes('Options') ? await this.#options() : 'all';
    const apache = await this.#version({ modules, patch, server });
    const directives = await this.#directives(apache, foreign);
    return {
      host: {
        ...(apache === undefined ? {} : { apache }),
        ...(modules.includes('mod_fcgid') ? {} : { fcgid: null }),
        modules,
        ...(directives.length > 0 && { directives }),
        allowOverride: [...overrides(classes), ...nonfatal.words],
        ...(options === 'all' ? {} : { allowOverrideOptions: options }),
      },
      notes: this.#notes,
    };
  }

  #step(text: string): void {
    this.#order.onStep?.(text);
  }

  /** The site answers without a question, too; gives its Server header and status. */
  async #control(): Promise<{ readonly server: string; readonly status: number }> {
    const { status, headers, failure } = await this.#folder.ask('');
    if (failure !== null || status === null)
      throw new LearningError('no-answer', `The site did not answer: ${failure?.message ?? 'nothing came'}.`);
    if (status >= 500)
      throw new LearningError(
        'broken-site',
        `The site answers ${status} whatever is asked. Find out why first: "Why Is My Site Failing?".`,
      );
    const moved = headers['location'];
    if (status >= 300 && status < 400 && typeof moved === 'string' && /^https?:/.test(moved))
      this.#notes.push(
        `The site redirects to ${new URL(moved).origin}: if "url" is another address, correct it.`,
      );
    const { server } = headers;
    this.#usual = status;
    return { server: typeof server === 'string' ? server : '', status };
  }

  /** @throws LearningError also where something else than the question decides: a firewall, a limit */
  async #refuses(htaccess: string): Promise<boolean> {
    const { status, failure } = await this.#folder.ask(`${htaccess}\n`);
    if (status === null)
      throw new LearningError(
        'no-answer',
        `The site stopped answering: ${failure?.message ?? 'nothing came'}.`,
      );
    if (status !== 500 && status !== 200 && status !== this.#usual)
      throw new LearningError(
        'refused',
        `The site answered ${this.#usual} at first and ${status} in the middle of the questions: a firewall or a limit of the host (mod_security, mod_evasive, a service before the server) takes them for an attack. Nothing is claimed of the rest.`,
      );
    return status === 500;
  }

  /** What a host that forgives says nothing about. */
  async #nonfatal(): Promise<{ readonly words: readonly string[]; readonly forbidden: boolean }> {
    const unknown = !(await this.#refuses('FastcgiNoSuchDirective on'));
    const forbidden = !(await this.#refuses('ServerName www.example.test'));
    const word = unknown && forbidden ? 'All' : unknown ? 'Unknown' : forbidden ? 'Override' : undefined;
    return { words: word === undefined ? [] : [`Nonfatal=${word}`], forbidden };
  }

  async #grants(name: (typeof CLASSES)[number]['name'], forbiddenIsForgiven: boolean): Promise<boolean> {
    const { right, wrong } = CLASSES.find((one) => one.name === name) ?? CLASSES[1];
    return forbiddenIsForgiven ? this.#refuses(wrong) : !(await this.#refuses(right));
  }

  async #classes(modules: readonly string[], forgiving: boolean): Promise<readonly string[]> {
    const granted: string[] = [];
    const unseen: string[] = [];
    for (const one of CLASSES) {
      if ('of' in one && !modules.includes(one.of)) unseen.push(one.name);
      else if (await this.#grants(one.name, forgiving)) granted.push(one.name);
    }
    // What no directive of the host belongs to matters to nobody: it is taken for granted where all others are.
    const all = granted.length + unseen.length === CLASSES.length;
    return all ? CLASSES.map(({ name }) => name) : granted;
  }

  async #options(): Promise<'all' | readonly string[]> {
    const granted: string[] = [];
    for (const name of OPTIONS) if (!(await this.#refuses(`Options +${name}`))) granted.push(name);
    if (granted.length === OPTIONS.length) return 'all';
    return granted.includes('Includes') ? granted.filter((name) => name !== 'IncludesNOEXEC') : granted;
  }

  /** All at once by a header that each loaded module adds; one by one where no header can be set. */
  async #modules(fileInfo: boolean): Promise<LoadedModules> {
    const byHeader = fileInfo ? headerOf((await this.#folder.ask(HEADER_QUESTION)).headers) : undefined;
    if (byHeader !== undefined) return byHeader;
    const found = new Set<string>();
    await forEachLimited(MODULES, WIDTH, async (name) => {
      if (await this.#refuses(`<IfModule ${name}.c>\n${BAD}\n</IfModule>`)) found.add(name);
    });
    return { modules: MODULES.filter((name) => found.has(name)) };
  }

  async #version(of: {
    readonly modules: readonly string[];
    readonly patch: number | undefined;
    readonly server: string;
  }): Promise<string | undefined> {
    if (of.patch !== undefined) return `2.4.${of.patch}`;
    if (of.modules.includes('mod_version')) return `2.4.${await this.#patchBySearch()}`;
    const [, told] = /\bApache\/(2\.\d+\.\d+)/.exec(of.server) ?? [];
    if (told === undefined)
      this.#notes.push(
        'The version could not be seen: mod_version is not loaded, and the server does not tell it.',
      );
    return told;
  }

  /** Those of modules that are no part of Apache: one question where there are none of them. */
  async #directives(
    apache: string | undefined,
    seen?: readonly ForeignWitness[],
  ): Promise<readonly string[]> {
    if (seen !== undefined) return seen.flatMap(({ directives }) => directives);
    if (apache === undefined || !isAtLeast(hostProfile({ apache }), SINCE_IF_DIRECTIVE)) {
      this.#notes.push(
        'Directives of modules that are no part of Apache could not be seen: name them in "directives".',
      );
      return [];
    }
    const all = FOREIGN_WITNESSES.map((one) => whereKnown(one, BAD)).join('\n');
    if (!(await this.#refuses(all))) return [];
    const found = new Set<ForeignWitness>();
    await forEachLimited(FOREIGN_WITNESSES, WIDTH, async (one) => {
      if (await this.#refuses(whereKnown(one, BAD))) found.add(one);
    });
    return FOREIGN_WITNESSES.filter((one) => found.has(one)).flatMap(({ directives }) => directives);
  }

  async #patchBySearch(): Promise<number> {
    let [low, high] = [0, MOST_PATCH];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const isAtLeast = await this.#refuses(`<IfVersion >= 2.4.${middle}>\n${BAD}\n</IfVersion>`);
      if (isAtLeast) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** What a server loads; `patch` and `foreign` where they were seen at the same time. */
interface LoadedModules {
  readonly modules: readonly string[];
  readonly patch?: number;
  readonly foreign?: readonly ForeignWitness[];
}

/** That a wrong .htaccess changes nothing says something of Apache's configuration only where Apache shows the file. */
function mustBeApache(server: string, status: number): void {
  if (status === 404)
    throw new LearningError(
      'other-place',
      'The site answers 404 for a file that was just put into its folder: "url" and "path" of the target do not lead to the same place.',
    );
  if (status >= 400)
    throw new LearningError(
      'refused',
      `The site answers ${status} for a file that was just put into its folder, so nothing could be seen: a password, a firewall, or "url" and "path" do not lead to the same place.`,
    );
  if (!/\bApache\b/.test(server))
    throw new LearningError(
      'other-server',
      `A wrong .htaccess changes nothing there, and what answers calls itself ${server === '' ? 'nothing' : `"${server}"`}. LiteSpeed passes over what it does not know; nginx before Apache may hand out files itself. What Apache loads and grants could not be seen.`,
    );
}

/** The N of 2.4.N since when a .htaccess can ask for directives. */
const SINCE_IF_DIRECTIVE = 34;

/** Modules that a profile can name. */
const MODULES: readonly string[] = ALL_MODULES.map(({ name }) => name);

/** Rules of the folders above must not send the request elsewhere. */
const HEADER_QUESTION = [
  '<IfModule mod_rewrite.c>\nRewriteEngine Off\n</IfModule>',
  '<IfModule mod_headers.c>',
  ...MODULES.map((name) => `<IfModule ${name}.c>\nHeader always append ${HEADER} ${name}\n</IfModule>`),
  '<IfModule mod_version.c>',
  ...Array.from(
    { length: MOST_PATCH },
    (_, at) => `<IfVersion = 2.4.${at + 1}>\nHeader always append ${HEADER} ${at + 1}\n</IfVersion>`,
  ),
  `<IfVersion >= 2.4.${SINCE_IF_DIRECTIVE}>`,
  ...FOREIGN_WITNESSES.map((one, at) => whereKnown(one, `Header always append ${HEADER} foreign${at}`)),
  '</IfVersion>\n</IfModule>\n</IfModule>\n',
].join('\n');

function headerOf(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): LoadedModules | undefined {
  const value = headers[HEADER];
  if (value === undefined) return undefined;
  const words = new Set(String(value).split(/[, ]+/));
  const patch = [...words].find((word) => /^\d+$/.test(word));
  const modules = MODULES.filter((name) => words.has(name));
  if (patch === undefined) return { modules };
  const foreign = FOREIGN_WITNESSES.filter((_, at) => words.has(`foreign${at}`));
  const canAsk = Number(patch) >= SINCE_IF_DIRECTIVE;
  return { modules, patch: Number(patch), ...(canAsk && { foreign }) };
}

/** As a person writes it. */
function overrides(classes: readonly string[]): readonly string[] {
  if (classes.length === CLASSES.length) return ['All'];
  return classes.length === 0 ? ['None'] : classes;
}
