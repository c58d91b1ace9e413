import { fromRoot } from '../paths';
import type { Evaluation } from './evaluate';
import { TEXT_FUNCTIONS, upToNul } from './textFunctions';

/** file() reads no more. */
const MAX_FILE_SIZE = 10 * 1024 * 1024;

/** The value of a function by its lower-case name; undefined stands for NULL, which counts as an empty text. */
export function callFunction(name: string, argument: string, evaluation: Evaluation): string | undefined {
  const pure = TEXT_FUNCTIONS.get(name);
  return pure ? pure(argument) : LOOK_UPS.get(name)?.(argument, evaluation);
}

type LookUp = (argument: string, evaluation: Evaluation) => string | undefined;

const LOOK_UPS: ReadonlyMap<string, LookUp> = new Map<string, LookUp>([
  ['req', (name, evaluation) => evaluation.readHeader(name)],
  ['http', (name, evaluation) => evaluation.readHeader(name)],
  ['req_novary', (name, { context }) => context.requestHeader(name)],
  ['resp', (name, { context }) => context.responseHeader(name)],
  ['note', (name, { context }) => context.note(name)],
  ['reqenv', (name, { context }) => context.requestEnvironment(name)],
  ['osenv', (name, { context }) => context.processEnvironment(name)],
  [
    'env',
    (name, { context }) =>
      context.note(name) ?? context.requestEnvironment(name) ?? context.processEnvironment(name),
  ],
  ['ssl', (name, { context }) => context.variable(name)],
  ['file', readFile],
  ['filesize', (path, { context }) => sizeOf(path, context.site)],
]);

function readFile(path: string, evaluation: Evaluation): string {
  const { site } = evaluation.context;
  const stat = path === '' ? undefined : site.stat(fromRoot(path));
  const file = stat && site.read(fromRoot(path));
  if (stat && stat.size > MAX_FILE_SIZE) evaluation.fail(`File ${path} too large`);
  else if (stat?.kind === 'directory') evaluation.fail(`Cannot read from file ${path}`);
  else if (file === undefined || file === 'unreadable') evaluation.fail(`Cannot open file ${path}`);
  else return upToNul(file.content);
  return '';
}

function sizeOf(path: string, site: Evaluation['context']['site']): string {
  const stat = path === '' ? undefined : site.stat(fromRoot(path));
  return stat?.kind === 'file' ? String(stat.size) : '0';
}
