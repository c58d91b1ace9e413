import { StringDecoder } from 'node:string_decoder';

const longestLine = 1024 * 1024;

/** Bytes in, whole lines out; characters and lines that are cut between two pieces are joined. */
export class LineSplitter {
  readonly #onLines: (lines: string[]) => void | Promise<void>;
  #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(target: { onLines(lines: string[]): void | Promise<void> }) {
    this.#onLines = (lines) => target.onLines(lines);
  }

  /** Resolves when the lines were taken. A line without end is given out in pieces of 1 MiB, so that memory stays bounded. */
  async push(bytes: Uint8Array): Promise<void> {
    const lines = (this.#rest + this.#decoder.write(Buffer.from(bytes))).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > longestLine) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    if (lines.length > 0)
      await this.#onLines(lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)));
  }

  /** Gives out a last line that has no end: its file is over. */
  async flush(): Promise<void> {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    this.#decoder = new StringDecoder('utf8');
    if (rest !== '') await this.#onLines([rest]);
  }
}
