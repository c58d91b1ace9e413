import * as path from 'node:path';
import { knownReasonIn } from '../dispatcher/reasons';
import { ENDS_AT_ONCE } from '../dispatcher/trial';
import { lookup } from '../text/lookup';
import type { DispatcherProcess } from './dispatcherProcess';
import type { ExchangeEnd } from './exchange';

/** For requests that the end of the local server breaks off. */
export const BEING_STOPPED = 'The local server is being stopped.';

/** Why a request to a process was not answered to its end. `timeLimit` in milliseconds. */
export function failedEndInWords(used: DispatcherProcess, end: ExchangeEnd, timeLimit: number): string {
  const name = path.basename(used.file);
  if (end.kind === 'timeout') return silenceInWords(name, timeLimit, end.bodyEnded);
  if (end.kind === 'protocol') {
    return `${name} does not speak FastCGI: ${end.message}. Let it answer through a FastCGI library, and print nothing to file descriptor 0.`;
  }
  if (used.wasStopped) return BEING_STOPPED;
  if (used.exit !== null) return exitInWords(used);
  return `${name} closed the connection in the middle of its answer, without an error of its own.`;
}

function silenceInWords(name: string, timeLimit: number, bodyEnded: boolean): string {
  const message = `${name} did not answer for ${timeLimit / 1000} s and was stopped; Apache does the same after FcgidIOTimeout.`;
  return bodyEnded
    ? `${message} Its output had ended but END_REQUEST never came: some Python libraries do this after a str was written to environ['wsgi.errors'].`
    : `${message} Look for an endless loop, a lock, or a slow connection to another server.`;
}

/** How a process ended by itself, and why where that is known. */
export function exitInWords({ file, exit, answered, recentOutput }: DispatcherProcess): string {
  const how = `${path.basename(file)} ${endOf(exit)}`;
  const wrote =
    recentOutput.trim() !== ''
      ? 'What it wrote says why.'
      : (lookup(SIGNALS, exit?.signal ?? '') ?? 'It wrote no error.');
  if (answered > 0) return `${how} while it handled the request. ${wrote}`;
  const known = exit?.code === 0 ? ENDS_AT_ONCE : knownReasonIn(recentOutput);
  return `${how} before it had answered a request. ${known ?? wrote}`;
}

const CRASH =
  'Programs in scripting languages do not end so by themselves: the interpreter, or an extension of it in machine code, has a fault. Start it without its extensions, or with newer ones (for PHP, Xdebug is often the one: "-d xdebug.mode=off").';

/** Why a program that wrote nothing is killed. */
const SIGNALS: Readonly<Record<string, string>> = {
  SIGSEGV: CRASH,
  SIGBUS: CRASH,
  SIGILL: CRASH,
  SIGABRT: CRASH,
  SIGKILL:
    'It wrote no error. The system does this to a program that takes too much memory, if nobody else did.',
};

function endOf(exit: DispatcherProcess['exit']): string {
  if (exit?.startError) return `could not be started (${exit.startError})`;
  if (exit?.signal) return `was killed by ${exit.signal}`;
  return `ended with exit code ${exit?.code ?? 'unknown'}`;
}
