import type { CodeCache } from './cachedProgram';

/** There where the program was started by `runProgram`. */
declare const codeCache: CodeCache | undefined;

/** Lets the next process start with the code that has been compiled by now; `what` names what has been done. */
export function keepCode(what: string): void {
  if (typeof codeCache !== 'undefined') codeCache.keep(what);
}

const soon = new Set<string>();

/** The same in a moment, when nobody waits. Only the first call for `what` counts. */
export function keepCodeSoon(what: string, milliseconds = 1000): void {
  if (typeof codeCache === 'undefined' || soon.has(what)) return;
  soon.add(what);
  setTimeout(() => codeCache.keep(what), milliseconds).unref();
}
