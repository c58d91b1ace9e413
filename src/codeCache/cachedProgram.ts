import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** What Node hands to a CommonJS module. */
export interface ModuleScope {
  readonly module: { exports: unknown };
  readonly require: NodeJS.Require;
}

/** The kept code of a program, as the program itself sees it. */
export interface CodeCache {
  /** Keeps what is compiled by now, unless that was done before for `what`, by this process or an earlier one. */
  keep(what: string): void;
}

const HEAD = '(function (exports, require, module, __filename, __dirname, codeCache) {';
const TAIL = '\n})';

type ProgramFunction = (
  exports: unknown,
  require: NodeJS.Require,
  module: ModuleScope['module'],
  filename: string,
  folder: string,
  codeCache: CodeCache,
) => void;

/**
 * Runs a CommonJS bundle as `require` would, but with the code that V8 compiled for it in an earlier process: to compile takes most of
 * a start. It lies beside the bundle, as `name.cache`, since whoever may write there may change the bundle as well. Where it is
 * missing, damaged, of another bundle or another V8, the program runs without; where it cannot be written, nothing is kept.
 */
export function runProgram(file: string, { module, require }: ModuleScope): void {
  const source = `${HEAD}${fs.readFileSync(file, 'utf8')}${TAIL}`;
  const cache = new FileCache(file);
  const kept = cache.read();
  const cachedData = kept?.data;
  const script = new Script(source, {
    filename: file,
    columnOffset: -HEAD.length,
    ...(cachedData && { cachedData }),
  });
  const program = script.runInThisContext() as ProgramFunction;
  const isUsed = kept !== null && script.cachedDataRejected === false;
  const codeCache = new ScriptCache(script, cache, isUsed ? kept : NOTHING);
  program(module.exports, require, module, file, dirname(file), codeCache);
}

/** Code that was kept, and what had been done when it was. */
interface Kept {
  readonly data: Buffer;
  readonly holds: readonly string[];
}

const NOTHING: Kept = { data: Buffer.alloc(0), holds: [] };

class ScriptCache implements CodeCache {
  readonly #script: Script;
  readonly #file: FileCache;
  readonly #size: number;
  /** Of V8 and its flags. V8 refuses code that was kept with others. */
  readonly #version = cachedDataVersionTag();
  #holds: readonly string[];

  constructor(script: Script, file: FileCache, { data, holds }: Kept) {
    this.#script = script;
    this.#file = file;
    this.#size = data.length;
    this.#holds = holds;
  }

  keep(what: string): void {
    if (this.#holds.includes(what) || cachedDataVersionTag() !== this.#version) return;
    this.#holds = [...this.#holds, what];
    if (!this.#file.isWritable()) return;
    const data = this.#script.createCachedData();
    // V8 forgets code that was not needed for long: less than before is no gain.
    if (data.length >= this.#size) this.#file.write({ data, holds: this.#holds });
  }
}

/** First line of the file: what the code belongs to. V8 itself looks at no checksum, and damaged code ends the process. */
interface CacheHead {
  /** Size and time of the bundle, bytes and milliseconds: V8 looks at the length of its text alone. */
  readonly bundle: string;
  readonly holds: readonly string[];
  readonly crc32: number;
}

const LINE_FEED = 0x0a;

class FileCache {
  readonly #file: string;
  readonly #bundle: string;

  constructor(bundle: string) {
    const { size, mtimeMs } = fs.statSync(bundle);
    this.#file = bundle.replace(/\.js$/, '.cache');
    this.#bundle = `${size} ${mtimeMs}`;
  }

  read(): Kept | null {
    try {
      const content = fs.readFileSync(this.#file);
      const end = content.indexOf(LINE_FEED);
      const head = JSON.parse(content.toString('latin1', 0, end)) as CacheHead;
      const data = content.subarray(end + 1);
      const isWhole = head.bundle === this.#bundle && head.crc32 === crc32(data);
      return isWhole ? { data, holds: head.holds } : null;
    } catch {
      // There is none yet, or it is damaged: the next call of `write` mends that.
      return null;
    }
  }

  /** To ask V8 for the code takes longer than to ask for this: an installation may be another user's. */
  isWritable(): boolean {
    try {
      fs.accessSync(dirname(this.#file), fs.constants.W_OK);
      return true;
    } catch {
      return false;
    }
  }

  write({ data, holds }: Kept): void {
    const temporary = `${this.#file}.${process.pid}`;
    try {
      const head: CacheHead = { bundle: this.#bundle, holds, crc32: crc32(data) };
      fs.writeFileSync(temporary, Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), data]));
      fs.renameSync(temporary, this.#file);
    } catch {
      // A full disk, say: the next start takes as long as this one.
      fs.rmSync(temporary, { force: true });
    }
  }
}
