import type { Terminal } from './terminal';

/** A JSON object of a batch line. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A batch line cannot be answered; the message goes into the answer's `error`. */
export class BatchLineError extends Error {
  readonly reason = 'batch-line';
}

/**
 * Answers each line of standard input with one line, in the same order, as it arrives. A line that is no JSON object, or that
 * `answer` refuses, is answered by `{"id", "error"}`; then the result is false.
 */
export async function answerLines(
  terminal: Terminal,
  answer: (request: JsonObject) => Readonly<Record<string, unknown>>,
): Promise<boolean> {
  let allAnswered = true;
  for await (const line of linesOf(terminal.input)) {
    if (terminal.interrupted.aborted) break;
    if (line.trim() === '') continue;
    const reply = answerLine(line, answer);
    if ('error' in reply) allAnswered = false;
    terminal.out(`${JSON.stringify(reply)}\n`);
    await terminal.drained();
  }
  return allAnswered;
}

function answerLine(
  line: string,
  answer: (request: JsonObject) => Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  let id: unknown = null;
  try {
    const request = objectOf(line);
    id = request['id'] ?? null;
    return { id, ...answer(request) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function objectOf(line: string): JsonObject {
  const value: unknown = parsed(line);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new BatchLineError('A line must be one JSON object.');
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new BatchLineError(
      `The line is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Splits bytes at LF only (JSON strings may contain U+2028 and the like), the last line with or without LF. */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]).toString('utf8');
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (parts.length > 0) yield Buffer.concat(parts).toString('utf8');
}

/** The content that a batch line describes, as a byte string: `text` (as UTF-8) or `base64`. */
export function contentOf({ text, base64 }: JsonObject): string | undefined {
  if (typeof text === 'string') return Buffer.from(text, 'utf8').toString('latin1');
  if (typeof base64 !== 'string') return undefined;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) throw new BatchLineError('"base64" is no base64.');
  return Buffer.from(base64, 'base64').toString('latin1');
}
