import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { interpreterOf, type InterpreterThere } from '../dispatcher';
import { knownReasonIn } from '../dispatcher/reasons';
import { trialRequest } from '../fastcgi';
import type { RemoteConnection } from '../remote/connection';
import { RemoteError } from '../remote/errors';
import { shellQuote } from '../remote/shell';
import { folderOf, joinRemote, nameOf } from './names';
import type { Plan } from './plan';
import type { StagedFile } from './stage';
import { STAGED_DRIVER } from './stagedDriver';
import { driverLines, SERVER_PATH, trialOf, type DriverLines } from './trialOutcome';

/** An upload that was not put live: the server could not run its dispatcher. The site is as before. */
export class DispatcherFault extends RemoteError {
  /** Relative to the document root. */
  readonly dispatcher: string;
  /** The end of what it wrote to its error output there. */
  readonly errorOutput: string;
  /** The interpreter that the server does not have, where that is the reason. */
  readonly missing: MissingInterpreter | undefined;

  constructor({ dispatcher, message, errorOutput, missing }: Fault) {
    const said = lastLines(errorOutput);
    super(
      'failure',
      `Nothing was put live: ${dispatcher} does not work on the server. ${message}${said === '' ? '' : `\n${said}`}`,
    );
    this.name = 'DispatcherFault';
    this.dispatcher = dispatcher;
    this.errorOutput = said;
    this.missing = missing;
  }
}

interface Fault {
  readonly dispatcher: string;
  readonly message: string;
  readonly errorOutput: string;
  readonly missing?: MissingInterpreter | undefined;
}

type MissingInterpreter = InterpreterThere & { readonly program: string };

/** An upload that waits under temporary names. */
export interface StagedUpload {
  readonly plan: Plan;
  readonly staged: readonly StagedFile[];
  /** Where the local files are. */
  readonly localRoot: string;
  /** The site's absolute folder on the server. */
  readonly target: string;
  /** The site's dispatcher, relative to it. */
  readonly dispatcher?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Seconds for one trial: a program that needs longer is not called broken. */
const PATIENCE = 8;
/** More programs than this are not tried in one upload. */
const MOST_PROGRAMS = 4;
const CODE = /\.(?:f?cgi|p[lmy]|rb|ru)$/i;

/**
 * Starts the programs of a staged upload on the server as its web server would, in one command, before anything is live: those that
 * changed, and the site's dispatcher where any code did. Gives sentences about what could not be told. Where there is no shell
 * or no Perl nothing is tried. Throws DispatcherFault for a program that gives no answer.
 */
export async function tryStaged(connection: RemoteConnection, upload: StagedUpload): Promise<string[]> {
  const programs = programsOf(upload).slice(0, MOST_PROGRAMS);
  if (programs.length === 0) return [];
  const read = await Promise.all(programs.map((program) => programOf(program, upload)));
  const named = read.filter(({ content }) => namesFolder(content, upload.target));
  const tried = read.filter((one) => !named.includes(one));
  const notes = named.map(
    ({ path }) =>
      `${path} names its own folder on the server by its full path, so it could not be tried before it was live.`,
  );
  if (tried.length === 0) return notes;
  const shadow = joinRemote(folderOf(upload.target), `.${nameOf(upload.target)}.try-${hexId()}`);
  const results = await runTrials(connection, { upload, shadow, tried });
  return [...notes, ...results.flatMap((lines, at) => verdict(lines, { ...tried[at], shadow, upload }))];
}

const hexId = (): string => randomBytes(4).toString('hex');

function programsOf({ plan, staged, dispatcher }: StagedUpload): string[] {
  const changed = staged.map(({ transfer }) => transfer.path);
  const isCodeChanged = [...changed, ...plan.delete].some((path) => CODE.test(path));
  const programs = new Set(changed.filter((path) => path.endsWith('.fcgi')));
  const isThere = (path: string): boolean => changed.includes(path) || plan.keep.includes(path);
  if (dispatcher !== undefined && isCodeChanged && isThere(dispatcher)) programs.add(dispatcher);
  return [...programs];
}

interface Program {
  readonly path: string;
  /** Its bytes as a byte string; empty where it cannot be read here. */
  readonly content: string;
}

async function programOf(path: string, { staged, localRoot }: StagedUpload): Promise<Program> {
  const local = staged.find(({ transfer }) => transfer.path === path)?.transfer.local;
  const here = join(localRoot, local?.source ?? path);
  const content = await readFile(here, 'latin1').catch(() => '');
  return { path, content };
}

/** It would take modules from there that are not the new ones. */
function namesFolder(content: string, target: string): boolean {
  return content.includes(Buffer.from(target).toString('latin1'));
}

interface Trials {
  readonly upload: StagedUpload;
  readonly shadow: string;
  readonly tried: readonly Program[];
}

/** What was printed of each; nothing where they could not be tried. */
async function runTrials(connection: RemoteConnection, trials: Trials): Promise<DriverLines[]> {
  const { upload, tried, shadow } = trials;
  const { target, signal } = upload;
  const words = ['perl', '-', target, shadow.slice(-8), String(PATIENCE)].map(shellQuote);
  try {
    const { stdout } = await connection.exec(words.join(' '), {
      input: STAGED_DRIVER + ordersOf(trials),
      timeout: (PATIENCE + 8) * 1000 * tried.length + 15_000,
      maxBytes: 4 << 20,
      ...(signal && { signal }),
    });
    return stdout.startsWith('begun 1\n')
      ? stdout
          .split(/^trial\n/m)
          .slice(1)
          .map(driverLines)
      : [];
  } catch (error) {
    // An account that may only transfer files refuses, or answers with words of its own.
    if (signal?.aborted || !connection.alive) throw error;
    return [];
  }
}

function ordersOf({ upload: { plan, staged }, tried, shadow }: Trials): string {
  const order = (word: string, ...texts: string[]): string => `${word} ${texts.map(hex).join(' ')}\n`;
  return [
    ...staged.map(({ transfer, temporary }) => order('file', transfer.path, temporary)),
    ...plan.delete.map((path) => order('gone', path)),
    ...tried.map(({ path, content }) => {
      const request = trialRequest({ file: joinRemote(shadow, path), target: '/', searchPath: SERVER_PATH });
      return order('try', path, Buffer.from(request).toString('hex'), interpreterOf(content) ?? '');
    }),
  ].join('');
}

const hex = (text: string): string => Buffer.from(text).toString('hex');

interface Tried extends Partial<Program> {
  readonly shadow: string;
  readonly upload: StagedUpload;
}

/** Sentences about a program that was tried. Throws DispatcherFault for one that does not work. */
function verdict(lines: DriverLines, { path = '', content = '', shadow, upload }: Tried): string[] {
  const program = interpreterOf(content) ?? '';
  const fault = (message: string, errorOutput = ''): DispatcherFault =>
    new DispatcherFault({ dispatcher: path, message, errorOutput });
  if (lines.has('missing') || lines.has('other')) throw missingInterpreter(path, program, lines.has('other'));
  if (lines.has('failed') || !lines.has('answer')) return [];
  const trial = trialOf('server', lines, path);
  const inPlace = (text: string): string => text.replaceAll(shadow, upload.target);
  if (trial.ok) return [];
  if (trial.status !== null) {
    const errors = inPlace(trial.errorOutput).trim();
    const why = knownReasonIn(errors) ?? errors.slice(errors.lastIndexOf('\n') + 1);
    return [`${path} answers with status ${trial.status} on the server. ${why}`.trimEnd()];
  }
  if (lines.has('stopped'))
    return [`${path} did not answer for ${PATIENCE} s when it was tried on the server.`];
  throw fault(inPlace(trial.message), inPlace(trial.errorOutput));
}

function missingInterpreter(dispatcher: string, program: string, isOther: boolean): DispatcherFault {
  const others = isOther ? [`${program}3`] : [];
  const message = isOther
    ? `There is no ${program}, but a ${program}3: name that in its first line.`
    : `There is no ${program}: name another interpreter in its first line.`;
  const missing = { program, found: false, others };
  return new DispatcherFault({ dispatcher, message, errorOutput: '', missing });
}

/** The end of an error output: a traceback says at its end what is wrong. */
function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-12).join('\n').slice(-2000);
}
