import { memorySite, type MemoryEntry } from '../apache/memorySite';
import { userOf } from '../apache/modeSite';
import { evaluate } from '../apache/request';
import type { HttpRequest } from '../apache/request/outcome';
import { outcomeAnswer } from './explainAnswer';
import { BatchHosts } from './batchHost';
import { BatchLineError, type JsonObject } from './jsonLines';
import { byteStringOfText } from '../text/bytes';

/** Answers one line of `fastcgi explain --batch`. */
export function explainLineAnswerer(): (request: JsonObject) => Readonly<Record<string, unknown>> {
  const hosts = new BatchHosts();
  return (line) => {
    const host = hosts.of(line['host']);
    const { treeRoot, caseInsensitive } = host;
    const site = memorySite(filesOf(line['files']), { treeRoot, caseInsensitive, user: userOf(host) });
    const documentRoot = joined(treeRoot, textOf(line['documentRoot'] ?? '', '"documentRoot"'));
    const trace = line['trace'] === true;
    const outcome = evaluate({
      request: requestOf(line['request']),
      site,
      host,
      documentRoot,
      trace,
      time: secondsNow(),
    });
    return outcomeAnswer(outcome, { treeRoot, trace });
  };
}

const secondsNow = (): number => Math.floor(Date.now() / 1000);

/** `documentRoot` is relative to the tree, ordinary text. */
function joined(treeRoot: string, documentRoot: string): string {
  const parts = byteStringOfText(documentRoot)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new BatchLineError('"documentRoot" must be a folder of the tree.');
  return [treeRoot, ...parts].join('/');
}

function requestOf(value: unknown): HttpRequest {
  const request = objectOf(value, '"request"');
  return {
    method: textOf(request['method'] ?? 'GET', '"request"."method"'),
    target: textOf(request['target'], '"request"."target"'),
    ...(request['protocol'] === undefined
      ? {}
      : { protocol: textOf(request['protocol'], '"request"."protocol"') }),
    headers: headersOf(request['headers'] ?? {}),
  };
}

/** An object of names with a value or a list of values, or a list of pairs. */
function headersOf(value: unknown): HttpRequest['headers'] {
  if (Array.isArray(value)) return value.map(headerPair);
  return Object.entries(objectOf(value, '"request"."headers"')).flatMap(([name, one]) =>
    [one].flat().map((single) => [name, textOf(single, `the header "${name}"`)] as const),
  );
}

function headerPair(value: unknown): readonly [string, string] {
  if (!Array.isArray(value) || value.length !== 2)
    throw new BatchLineError('A header is a pair of name and value.');
  return [textOf(value[0], 'a header name'), textOf(value[1], 'a header value')];
}

function filesOf(value: unknown): Readonly<Record<string, MemoryEntry>> {
  const files = objectOf(value ?? {}, '"files"');
  for (const [path, entry] of Object.entries(files)) {
    if (!isEntry(entry)) {
      throw new BatchLineError(
        `"files"."${path}" must be a text, null, {"text"|"base64", "mode"?} or {"link"}.`,
      );
    }
  }
  return files as Readonly<Record<string, MemoryEntry>>;
}

function isEntry(entry: unknown): entry is MemoryEntry {
  if (entry === null || typeof entry === 'string') return true;
  if (typeof entry !== 'object') return false;
  const { text, base64, link, mode } = entry as Readonly<Record<string, unknown>>;
  if (!['undefined', 'number', 'string'].includes(typeof mode)) return false;
  const contents = [text, base64, link].filter((one) => one !== undefined);
  return (
    contents.every((one) => typeof one === 'string') &&
    (contents.length === 1 || (contents.length === 0 && mode !== undefined))
  );
}

function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new BatchLineError(`${what} must be an object.`);
}

function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new BatchLineError(`${what} must be a text.`);
}
