import * as path from 'node:path';
import type { ConnectionEnds } from '../fastcgi';
import type { ProgramCommand } from './launchPlan';
import { ownCommand, programFor, withNamedHandler } from './programs';
import type { RequestContext } from './requestContext';
import type { RunnerOptions } from './runnerOptions';

const LOOPBACK: ConnectionEnds = { remoteAddr: '127.0.0.1', remotePort: 0, serverAddr: '127.0.0.1' };

/**
 * The FastCGI program that is needed first: the dispatcher that the project names, else the one that answers `/`; null where
 * there is neither. Only evaluates: nothing is asked of a program, and no request is told or logged.
 */
export function frontProgram(
  context: RequestContext,
  { root, documentRoot = root, dispatcher }: RunnerOptions,
  host: string,
): ProgramCommand | null {
  const named = dispatcher === undefined ? null : path.relative(documentRoot, path.resolve(root, dispatcher));
  const own = named === null ? null : fastCgiProgram(context, targetOf(named), host);
  return own ?? fastCgiProgram(context, '/', host);
}

/**
 * What that will be, as far as names tell: the dispatcher that the project names, where it is called as FastCGI programs are. Costs
 * nothing, while the first evaluation in a process takes half as long as an interpreter's start.
 */
export function likelyFrontProgram({
  root,
  documentRoot = root,
  dispatcher = '',
  handlers = {},
}: RunnerOptions): ProgramCommand | null {
  const file = path.resolve(root, dispatcher);
  const isInside = file.startsWith(path.join(documentRoot, path.sep));
  const isUsual = path.extname(file) === '.fcgi' && Object.keys(handlers).length === 0;
  return isInside && isUsual && process.platform !== 'win32' ? ownCommand(file) : null;
}

const targetOf = (file: string): string => `/${file.split(path.sep).map(encodeURIComponent).join('/')}`;

function fastCgiProgram(
  { evaluator, site, handlers }: RequestContext,
  target: string,
  host: string,
): ProgramCommand | null {
  const request = { method: 'GET', target, protocol: 'HTTP/1.1', headers: [['Host', host]] as const };
  const answer = withNamedHandler(evaluator.outcome(request, LOOPBACK, Date.now()).answer, handlers);
  if (answer.kind !== 'handler') return null;
  const local = site.localPath(answer.file);
  const program = local === undefined ? null : programFor(answer, local, handlers);
  return program?.via === 'fastcgi' ? program.command : null;
}
