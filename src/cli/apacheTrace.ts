import type { TraceStep } from '../apache/request/outcome';

/** What a line of the log says of the connection. */
export interface LoggedConnection {
  readonly client: string;
  readonly serverName: string;
}

/**
 * mod_rewrite's lines of the trace as Apache 2.4 writes them to its error log, behind time, module, process and client
 * (do_rewritelog). Apache shows memory addresses behind `sid#` and `rid#`, here 0.
 */
export function apacheTraceLines(
  trace: readonly TraceStep[],
  { client, serverName }: LoggedConnection,
): string {
  return trace
    .filter((step) => step.module === 'mod_rewrite' && step.level !== undefined)
    .map(({ perdir, request = 'initial', text }) => {
      const folder = perdir === undefined ? '' : `[perdir ${perdir}] `;
      return `${client} - - [${serverName}/sid#0][rid#0/${request}] ${folder}${text}`;
    })
    .map((line) => `${line.replaceAll(/[^\x20-\x7E]|\\/g, escapeByte)}\n`)
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** As ap_escape_errorlog_item; quotes stay. */
const escapeByte = (byte: string): string =>
  ESCAPES[byte] ?? `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
