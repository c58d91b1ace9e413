import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isSuspicious, LOCAL_MODULE } from '../../errorlog';
import type { RunnerEvent } from '../../runner';
import { DisposableStore } from '../disposables';
import type { Projects } from '../projects';
import type { LogView } from './logView';
import { SiteFiles } from './siteFiles';

export interface LocalLogContext {
  readonly onEvent: vscode.Event<RunnerEvent>;
  readonly projects: Projects;
  readonly view: LogView;
  /** Whether a server's log is in the panel: its files then decide which paths are links. */
  readonly isRemote: () => boolean;
}

/** Of the lines that are of this machine, beside those of servers. */
export const localLogName = (): string => vscode.l10n.t('local');

/** Most characters of a line without an end that wait for it. */
const LONGEST = 65_536;

/** Most failed requests whose program is remembered until they are answered. */
const MOST_FAILED = 1000;

/** Shows what the programs of the local runner write, and its failed requests with their reason, in the same panel as a server's log. */
export class LocalLog {
  readonly #context: LocalLogContext;
  readonly #store = new DisposableStore();
  readonly #rests = new Map<string, string>();
  /** Programs that failed a request, by its id. */
  readonly #failed = new Map<number, string>();

  constructor(context: LocalLogContext) {
    this.#context = context;
    this.#store.add(context.onEvent((event) => this.#onEvent(event)));
  }

  dispose(): void {
    this.#store.dispose();
  }

  #onEvent(event: RunnerEvent): void {
    if (event.kind === 'output') this.#onOutput(event);
    else if (event.kind === 'exited') this.#flush(event.pid);
    else if (event.kind === 'problem') this.#onProblem(event);
    else if (event.kind === 'request') this.#onRequest(event);
  }

  #onProblem({ message, dispatcher, request }: Extract<RunnerEvent, { kind: 'problem' }>): void {
    if (request !== null && dispatcher !== null && this.#failed.size < MOST_FAILED)
      this.#failed.set(request, dispatcher);
    this.#add([errorLine(message)]);
  }

  /** Apache says of a program without an answer nothing but that; it joins the request with the reason and the program's own words. */
  #onRequest(event: Extract<RunnerEvent, { kind: 'request' }>): void {
    const dispatcher = this.#failed.get(event.id);
    this.#failed.delete(event.id);
    if (event.status < 500) return;
    this.#add([...wordsBefore(event, dispatcher), accessLine(event)]);
  }

  #onOutput({ pid, stream, text }: Extract<RunnerEvent, { kind: 'output' }>): void {
    const key = `${pid} ${stream}`;
    const lines = `${this.#rests.get(key) ?? ''}${text}`.split('\n');
    const rest = lines.pop() ?? '';
    if (rest.length > LONGEST) lines.push(rest);
    this.#rests.set(key, rest.length > LONGEST ? '' : rest);
    this.#add(lines);
  }

  #flush(pid: number): void {
    for (const [key, rest] of this.#rests) {
      if (!key.startsWith(`${pid} `)) continue;
      this.#rests.delete(key);
      if (rest !== '') this.#add([rest]);
    }
  }

  #add(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const one = this.#context.projects.current();
    if (one && !this.#context.isRemote())
      this.#context.view.belongTo(new SiteFiles(one), vscode.l10n.t('this machine'));
    this.#context.view.add(localLogName(), lines);
  }
}

/** What joins a failed request with what its program wrote: Apache's line where there was no answer, else one of our own. */
function wordsBefore(
  { record, dispatcher, status }: Extract<RunnerEvent, { kind: 'request' }>,
  failed: string | undefined,
): readonly string[] {
  const isOwnAnswer = failed === undefined || (record !== null && record.failure?.logMessage === null);
  if (failed !== undefined && !isOwnAnswer)
    return [errorLine(`End of script output before headers: ${basename(failed)}`)];
  const hasWords = record?.errorOutput.split('\n').some(isSuspicious) ?? false;
  if (!hasWords || dispatcher === null) return [];
  return [errorLine(`${basename(dispatcher)} answered ${status} and wrote an error.`, 'warn')];
}

/** A line of Apache's error log, of this moment. */
function errorLine(message: string, level = 'error'): string {
  const now = new Date();
  const [, day = '', date = '', year = '', time = ''] =
    /^(\w+) (\w+ \d+) (\d+) ([\d:]+)/.exec(now.toString()) ?? [];
  const millis = String(now.getMilliseconds()).padStart(3, '0');
  const oneLine = message.replaceAll(/\s+/g, ' ');
  return `[${day} ${date} ${time}.${millis}000 ${year}] [${LOCAL_MODULE}:${level}] [client 127.0.0.1:0] ${oneLine}`;
}

/** The request as an access log would have it, so that it is joined with what the program wrote. */
function accessLine({
  method,
  target,
  status,
  milliseconds,
}: Extract<RunnerEvent, { kind: 'request' }>): string {
  const began = new Date(Date.now() - milliseconds);
  const offset = -began.getTimezoneOffset();
  const local = new Date(began.getTime() + offset * 60_000);
  const [, month = '', day = '', year = ''] = /^\w+ (\w+) (\d+) (\d+)/.exec(began.toDateString()) ?? [];
  const two = (number: number): string => String(Math.floor(Math.abs(number))).padStart(2, '0');
  const zone = `${offset < 0 ? '-' : '+'}${two(offset / 60)}${two(offset % 60)}`;
  return `127.0.0.1 - - [${day}/${month}/${year}:${local.toISOString().slice(11, 19)} ${zone}] "${method} ${target} HTTP/1.1" ${status} -`;
}
