import * as path from 'node:path';
import * as vscode from 'vscode';
import type { DispatcherFix } from '../dispatcher';
import { knownReasonIn } from '../dispatcher/reasons';
import type { RunnerEvent } from '../runner';
import { ownPlacesIn } from './check/ownPlaces';
import { commandWayOut, type WayOut } from './failures';
import { titleOf } from './guard/repair';
import { isScript, problemsOf, type ScriptSources } from './guard/scripts';
import { showErrorMessage } from './notifications';
import type { Projects } from './projects';

export interface LocalFailuresContext extends ScriptSources {
  readonly log: vscode.LogOutputChannel;
  readonly projects: Projects;
}

type Event<Kind extends RunnerEvent['kind']> = Extract<RunnerEvent, { kind: Kind }>;

/** A failure to tell, with what the program wrote before it. */
interface Told {
  readonly message: string;
  readonly dispatcher: string | null;
  readonly errorOutput: string;
  /** The line of a `.htaccess` that is at fault. */
  readonly place?: { readonly file: string; readonly line: number };
}

/** Characters of a program's last words that are kept until it fails. */
const LAST_WORDS = 16_384;

/** Fixes that end a failed start and need no second question. */
const ENDS_A_FAILURE = new Set<DispatcherFix['kind']>(['to-lf', 'without-bom', 'set-mode', 'first-line']);

/**
 * Tells what fails on the local server, with the line at fault or its fix as a way out. A program that is broken fails again and
 * again, in several words: one message is enough until it is gone, the rest is in the output.
 */
export class LocalFailures {
  readonly #context: LocalFailuresContext;
  /** What has a message on the screen: dispatchers, and texts of other problems. */
  readonly #shown = new Set<string>();
  /** Told together with what the program wrote, which is known once the request is answered. */
  readonly #waiting = new Map<number, Event<'problem'>>();
  readonly #lastWords = new Map<string, string>();

  constructor(context: LocalFailuresContext) {
    this.#context = context;
  }

  onEvent(event: RunnerEvent): void {
    if (event.kind === 'started') this.#lastWords.delete(event.dispatcher);
    else if (event.kind === 'output') this.#listen(event);
    else if (event.kind === 'request') this.#onRequest(event);
    else if (event.kind === 'problem') this.#onProblem(event);
  }

  /** Programs have changed or were started anew: the next failure is another one. */
  forget(): void {
    this.#shown.clear();
  }

  /** The site is no longer served. */
  reset(): void {
    this.forget();
    this.#waiting.clear();
    this.#lastWords.clear();
  }

  #listen({ stream, text, dispatcher }: Event<'output'>): void {
    if (stream === 'stderr')
      this.#lastWords.set(dispatcher, `${this.#lastWords.get(dispatcher) ?? ''}${text}`.slice(-LAST_WORDS));
  }

  #onProblem(event: Event<'problem'>): void {
    const { message, dispatcher, request } = event;
    this.#context.log.error(message);
    if (request !== null) this.#waiting.set(request, event);
    else void this.#tell({ message, dispatcher, errorOutput: this.#lastWords.get(dispatcher ?? '') ?? '' });
  }

  #onRequest({ id, record, status, dispatcher }: Event<'request'>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    const errorOutput = record?.errorOutput ?? '';
    if (waiting !== undefined) return void this.#tell({ ...waiting, errorOutput });
    // A page of the program's own may say "has been noted": where, says nobody else.
    const reason = status >= 500 && dispatcher !== null ? knownReasonIn(errorOutput) : undefined;
    if (reason === undefined || dispatcher === null) return;
    const message = vscode.l10n.t('{0} answered {1}.', path.basename(dispatcher), status);
    void this.#tell({ message: `${message} ${reason}`, dispatcher, errorOutput });
  }

  async #tell(told: Told): Promise<void> {
    const about = told.dispatcher ?? told.message;
    if (this.#shown.has(about)) return;
    this.#shown.add(about);
    const ways = await this.#waysOut(told);
    const titles = ways.map(({ title }) => title);
    const chosen = await showErrorMessage(told.message, ...titles);
    this.#shown.delete(about);
    await ways.find(({ title }) => title === chosen)?.run();
  }

  async #waysOut({ dispatcher, errorOutput, place: refused }: Told): Promise<readonly WayOut[]> {
    const showOutput = commandWayOut(vscode.l10n.t('Show Output'), 'fastcgi.showOutput');
    const restart = commandWayOut(vscode.l10n.t('Restart Dispatcher'), 'fastcgi.restartDispatcher');
    const [place] = ownPlacesIn(errorOutput);
    if (place !== undefined) return [openWay(place.file, place.line + 1), restart, showOutput];
    if (refused !== undefined) return [openWay(refused.file, refused.line), showOutput];
    if (dispatcher === null) return [showOutput];
    const fix = await this.#fixOf(vscode.Uri.file(dispatcher));
    return [fix ?? restart, openWay(dispatcher), showOutput];
  }

  /** Mends what keeps the program from being started, as far as its file shows it. */
  async #fixOf(uri: vscode.Uri): Promise<WayOut | undefined> {
    if (!isScript(uri)) return undefined;
    const problems = await problemsOf(uri, this.#context.projects.current(uri), this.#context);
    const fix = problems?.find(
      (one) => one.severity === 'error' && one.fix !== undefined && ENDS_A_FAILURE.has(one.fix.kind),
    )?.fix;
    return fix && { title: titleOf(fix), run: () => mend(uri, fix) };
  }
}

async function mend(uri: vscode.Uri, fix: DispatcherFix): Promise<void> {
  await vscode.commands.executeCommand('fastcgi.repairScript', { uri, fix });
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (document?.isDirty) await document.save();
}

/** `line`: 1-based; the beginning of the file where there is none. */
function openWay(file: string, line?: number): WayOut {
  const name = line === undefined ? path.basename(file) : `${path.basename(file)}:${line}`;
  return { title: vscode.l10n.t('Open {0}', name), run: () => openLine(file, line ?? 1) };
}

/** Shows a line (1-based) of a file of this machine. */
export async function openLine(file: string, line: number): Promise<void> {
  if (!path.isAbsolute(file)) return;
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
}
