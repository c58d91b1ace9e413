import { explainLine, parseLogLine, splitGlued, type Level, type LogLine } from '../../errorlog';
import type { LogRow, Loudness } from '../../panels/log/messages';

/** How many lines past the bound are kept before the oldest are dropped in one go. */
const SLACK = 1000;

/** The last lines of a log, parsed, so that the panel can be filled again after it was hidden. */
export class RowBuffer {
  readonly #maximum: number;
  #rows: LogRow[] = [];
  #next = 1;
  #before: LogLine | undefined;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** At most the maximum, oldest first. */
  get rows(): readonly LogRow[] {
    return this.#rows.slice(-this.#maximum);
  }

  /** Takes lines as they come from the server, gives them as rows. */
  add(lines: readonly string[]): readonly LogRow[] {
    const rows = lines.flatMap((line) => splitGlued(line)).map((line) => this.#rowOf(line));
    for (const row of rows) this.#rows.push(row);
    if (this.#rows.length > this.#maximum + SLACK) this.#rows = this.#rows.slice(-this.#maximum);
    return rows;
  }

  clear(): void {
    this.#rows = [];
    this.#before = undefined;
  }

  #rowOf(text: string): LogRow {
    const line = parseLogLine(text, this.#before);
    this.#before = line;
    const explanation = explainLine(line);
    return {
      id: this.#next++,
      loudness: loudnessOf(line.level),
      time: line.kind === 'raw' ? '' : (line.time?.slice(11, 19) ?? ''),
      level: line.kind === 'raw' ? '' : line.level,
      origin: [line.module, line.code].filter((part) => part !== null).join(' '),
      message: line.message,
      text: line.text,
      ...(explanation && { explanation: { ...explanation } }),
    };
  }
}

/** Apache's sixteen levels as the four that the panel tells apart. */
export function loudnessOf(level: Level): Loudness {
  if (level === 'emerg' || level === 'alert' || level === 'crit' || level === 'error') return 'error';
  if (level === 'warn') return 'warning';
  return level === 'notice' || level === 'info' ? 'info' : 'debug';
}
