import { mkdirSync, mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { USUAL_MODULES } from '../../../src/apache/host';
import { startApache, type ApacheServer } from '../apache';
import { buildOracleModules } from './build';
import { KeptConnection } from './connection';

/** One error as Apache reports it. */
export interface JudgedError {
  /** 1-based; the last physical line of a continued one. */
  readonly line: number;
  /** `build`: while the lines and sections were read; `walk`: while the directives were carried out. */
  readonly phase: 'build' | 'walk';
  /** A byte string, without the file prefix; where the text itself names the file: `.htaccess`. */
  readonly message: string;
}

/** What Apache says of one text. */
export interface Verdict {
  /** What a visitor's 500 would be logged with; null when the text is accepted. */
  readonly error: JudgedError | null;
  /** All top-level errors, when asked for; else at most the first. */
  readonly errors: readonly JudgedError[];
  /** What the directives wrote to the error log: `level` as in syslog (4 warning), `message` a byte string. */
  readonly log: readonly { readonly level: number; readonly message: string }[];
  /** True when the text killed the Apache process that read it; there is no error then. */
  readonly crashed: boolean;
}

/** What is allowed in a directory of the judge. Each becomes one folder with its own `<Directory>` section. */
export interface JudgeProfile {
  /** As after AllowOverride; `All` when absent. */
  readonly allowOverride?: string;
  /** As after AllowOverrideList; none when absent. */
  readonly allowOverrideList?: string;
  /** As after Options; `All` when absent. */
  readonly options?: string;
}

/** A record of Apache's command tables (command_rec). */
export interface CommandRecord {
  readonly name: string;
  /** The module's source file. */
  readonly module: string;
  /** enum cmd_how. */
  readonly args: number;
  /** Bits of the classes and places. */
  readonly override: number;
  readonly help: string | null;
}

/** How a judge is started. */
export interface JudgeOptions {
  /** Besides `default`, which allows all. The names are used as folder names. */
  readonly profiles?: Readonly<Record<string, JudgeProfile>>;
  /** As for `startApache`; `'all'` when absent. */
  readonly modules?: 'all' | readonly string[];
  /** Directives of the server, as Define. */
  readonly config?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Which rules hold for a text, and whether all its errors are wanted. */
export interface JudgeQuestion {
  readonly profile?: string;
  readonly all?: boolean;
}

/** Modules that an ordinary shared host loads, for `JudgeOptions.modules`. */
export const SHARED_HOST = USUAL_MODULES;

/** Starts an Apache that judges texts. Needs apache2 and apache2-dev; fails with ApacheStartError or OracleBuildError. */
export async function startJudge(options: JudgeOptions = {}): Promise<Judge> {
  const { judge } = await buildOracleModules();
  const documentRoot = mkdtempSync(join(tmpdir(), 'fastcgi-judge-'));
  chmodSync(documentRoot, 0o755);
  const profiles = { default: {}, ...options.profiles };
  for (const name of Object.keys(profiles)) mkdirSync(join(documentRoot, name));
  try {
    const server = await startApache({
      documentRoot,
      ownFolders: [documentRoot],
      modules: options.modules ?? 'all',
      // One works; the others are there for when a text ends it.
      children: 8,
      environment: options.environment ?? {},
      config: `LoadModule judge_module "${judge}"\n${directorySections(documentRoot, profiles)}${options.config ?? ''}`,
    });
    return new Judge(server, documentRoot);
  } catch (error) {
    rmSync(documentRoot, { recursive: true });
    throw error;
  }
}

function directorySections(documentRoot: string, profiles: Readonly<Record<string, JudgeProfile>>): string {
  const sections = Object.entries(profiles).map(([name, profile]) => [
    `<Directory "${join(documentRoot, name)}">`,
    `AllowOverride ${profile.allowOverride ?? 'All'}`,
    ...(profile.allowOverrideList === undefined ? [] : [`AllowOverrideList ${profile.allowOverrideList}`]),
    `Options ${profile.options ?? 'All'}`,
    '</Directory>\n',
  ]);
  return sections.flat().join('\n');
}

/** Apache as the judge of .htaccess texts. Every text is judged as the `.htaccess` of its profile's folder. */
export class Judge {
  readonly server: ApacheServer;
  readonly #documentRoot: string;
  readonly #connection: KeptConnection;

  constructor(server: ApacheServer, documentRoot: string) {
    this.server = server;
    this.#documentRoot = documentRoot;
    this.#connection = new KeptConnection(server.port);
  }

  /** The folder for which texts of a profile are judged, for directives that look at files. */
  folderOf(profile = 'default'): string {
    return join(this.#documentRoot, profile);
  }

  /** Every directive that Apache's modules register, once for each record. */
  directives(): Promise<readonly CommandRecord[]> {
    return new Promise((resolve, reject) => {
      this.#connection.send({
        bytes: requestBytes('/default/__judge?table', ''),
        done: (answer) => {
          if (answer?.status !== 200) reject(new Error('the judge gave no table of directives'));
          else resolve((JSON.parse(answer.body) as { directives: CommandRecord[] }).directives);
        },
      });
    });
  }

  /** Apache's verdict on a text; a string stands for its UTF-8 bytes. */
  judge(text: string | Uint8Array, question: JudgeQuestion = {}): Promise<Verdict> {
    const profile = question.profile ?? 'default';
    const target = `/${profile}/__judge${question.all ? '?all' : ''}`;
    return new Promise((resolve, reject) => {
      this.#connection.send({
        bytes: requestBytes(target, text),
        done: (answer) => {
          if (answer && answer.status !== 200) {
            reject(new Error(`the judge answered ${answer.status}; see ${this.server.errorLog}`));
          } else resolve(answer ? this.#verdict(answer.body, profile) : CRASHED);
        },
      });
    });
  }

  /** The verdicts on many texts, in their order. */
  judgeAll(texts: Iterable<string | Uint8Array>, question: JudgeQuestion = {}): Promise<Verdict[]> {
    return Promise.all(Array.from(texts, (text) => this.judge(text, question)));
  }

  /** Ends Apache and removes the folders. */
  async stop(): Promise<void> {
    this.#connection.close();
    await this.server.stop();
  }

  #verdict(body: string, profile: string): Verdict {
    const answer = JSON.parse(body) as Pick<Verdict, 'errors' | 'log'>;
    const file = `${this.folderOf(profile)}/.htaccess`;
    const errors = answer.errors.map((error) => ({
      ...error,
      message: error.message.replaceAll(file, '.htaccess'),
    }));
    return { error: errors[0] ?? null, errors, log: answer.log, crashed: false };
  }
}

const CRASHED: Verdict = { error: null, errors: [], log: [], crashed: true };

function requestBytes(target: string, text: string | Uint8Array): Uint8Array {
  const body = typeof text === 'string' ? Buffer.from(text) : text;
  const header = `POST ${target} HTTP/1.1\r\nHost: www.example.test\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(header), body]);
}
