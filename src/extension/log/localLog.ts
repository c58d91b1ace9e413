import * as vscode from 'vscode';
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

/** Shows what the programs of the local runner write, and its failed requests, in the same panel as a server's log. */
export class LocalLog {
  readonly #context: LocalLogContext;
  readonly #store = new DisposableStore();
  readonly #rests = new Map<string, string>();

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
    else if (event.kind === 'request' && event.status >= 500) this.#add([accessLine(event)]);
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
