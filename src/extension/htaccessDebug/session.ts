import * as vscode from 'vscode';
import { capturesAt, nextStop, stopsOf, type Going, type Stop } from '../../language';
import type { Inspection } from '../../apache/request/inspect';
import type { Evaluated } from '../../server/evaluationProtocol';
import { textOfByteString } from '../../text/bytes';
import { formatRequest, type WrittenRequest } from '../../urls';
import type { UrlEvaluator } from '../watch/evaluator';
import type { WatchedUrl } from '../watch/watchedUrl';

/** A message of the Debug Adapter Protocol, as far as this adapter reads or writes it. */
interface Message {
  readonly seq: number;
  readonly type: string;
  readonly command?: string;
  readonly arguments?: Record<string, unknown>;
}

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly variablesReference: 0;
}

type Pairs = readonly (readonly [name: string, value: string])[];

const SCOPES = ['captures', 'variables', 'environment', 'requestHeaders', 'responseHeaders'] as const;

const THREAD = 1;

/** A request of ours: asks for another URL and begins anew with it. */
export const ANOTHER_URL_REQUEST = 'htaccessAnotherUrl';

/** What a session is run with. */
export interface SessionOptions {
  readonly evaluator: UrlEvaluator;
  readonly stopOnEntry: boolean;
  /** Asks for another URL, with the present one in the box. */
  readonly askAnother: (value: string) => Promise<WrittenRequest | undefined>;
}

/**
 * Steps through what Apache does with one request, rule by rule, over the files as they are being written. The way is known
 * beforehand, so that every stop can be looked at without waiting. Speaks the Debug Adapter Protocol.
 */
export class HtaccessDebugSession implements vscode.DebugAdapter {
  readonly #sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#sent.event;
  readonly #options: SessionOptions;
  /** By the URI of their file: one-based lines, with the ap_expr that must hold; empty for none. */
  readonly #breakpoints = new Map<string, ReadonlyMap<number, string>>();
  #watched: WatchedUrl;
  #evaluated: Evaluated | undefined;
  #stops: readonly Stop[] = [];
  #at = -1;
  #seq = 0;

  constructor(watched: WatchedUrl, options: SessionOptions) {
    this.#watched = watched;
    this.#options = options;
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const request = message as Message;
    if (request.type !== 'request') return;
    void this.#answer(request).catch((error: unknown) => this.#respond(request, { error: String(error) }));
  }

  dispose(): void {
    this.#sent.dispose();
  }

  async #answer(request: Message): Promise<void> {
    const given = request.arguments ?? {};
    switch (request.command) {
      case 'initialize':
        this.#respond(request, { body: CAPABILITIES });
        return this.#event('initialized');
      case 'setBreakpoints':
        return this.#respond(request, { body: await this.#setBreakpoints(given) });
      case 'launch':
        this.#respond(request, {});
        return;
      case 'configurationDone':
        this.#respond(request, {});
        return this.#start();
      case 'restart':
        this.#respond(request, {});
        return this.#start();
      case ANOTHER_URL_REQUEST:
        this.#respond(request, {});
        return this.#askAnother();
      case 'threads':
        return this.#respond(request, {
          body: { threads: [{ id: THREAD, name: formatRequest(this.#watched.request) }] },
        });
      case 'stackTrace':
        return this.#respond(request, { body: this.#stackTrace() });
      case 'scopes':
        return this.#respond(request, { body: { scopes: scopes() } });
      case 'variables':
        return this.#respond(request, { body: { variables: await this.#variables(given) } });
      case 'evaluate':
        return this.#respond(request, await this.#evaluateExpression(given));
      case 'next':
        return this.#go(request, 'over');
      case 'stepIn':
        return this.#go(request, 'in');
      case 'stepOut':
        return this.#go(request, 'out');
      case 'continue':
        return this.#go(request, 'on');
      case 'disconnect':
      case 'terminate':
        this.#respond(request, {});
        return this.#event('terminated');
      default:
        return this.#respond(request, { error: `${request.command} is not known here` });
    }
  }

  async #start(): Promise<void> {
    const { uri, request } = this.#watched;
    const { method, url, headers } = request;
    const plain = { method, url, headers };
    this.#evaluated = await this.#options.evaluator.evaluate({
      uri: uri.toString(),
      request: plain,
      trace: true,
    });
    this.#stops = stopsOf(this.#evaluated?.trace ?? []);
    this.#at = -1;
    if (!this.#evaluated) {
      const text = vscode.l10n.t(
        'The URL cannot be asked here: the file is in no open folder, or the checks do not run.',
      );
      this.#event('output', { category: 'stderr', output: `${text}\n` });
      return this.#event('terminated');
    }
    const label = formatRequest(request);
    this.#event('output', { category: 'stdout', output: `${label} → ${this.#evaluated.outcome}\n` });
    return this.#move(this.#options.stopOnEntry ? 'in' : 'on', 'entry');
  }

  async #askAnother(): Promise<void> {
    const request = await this.#options.askAnother(formatRequest(this.#watched.request));
    if (request === undefined) return;
    this.#watched = { ...this.#watched, request };
    await this.#start();
  }

  #go(request: Message, going: Going): Promise<void> {
    this.#respond(request, request.command === 'continue' ? { body: { allThreadsContinued: true } } : {});
    return this.#move(going, 'step');
  }

  async #move(going: Going, reason: string): Promise<void> {
    const passed = new Set<Stop>();
    const isBreakpoint = (stop: Stop) => !passed.has(stop) && this.#conditionAt(stop) !== undefined;
    for (;;) {
      const next = nextStop(this.#stops, this.#at, going, isBreakpoint);
      if (next === undefined) return this.#end();
      const stop = this.#stops[next];
      const isHit = stop !== undefined && isBreakpoint(stop);
      if (!isHit || (await this.#holds(stop))) return this.#stopAt(next, isHit ? 'breakpoint' : reason);
      passed.add(stop);
    }
  }

  #stopAt(at: number, reason: string): void {
    this.#at = at;
    const stop = this.#stops[at];
    this.#event('stopped', {
      reason,
      threadId: THREAD,
      allThreadsStopped: true,
      ...(stop === undefined ? {} : { description: textOfByteString(stop.text) }),
    });
  }

  #end(): void {
    const outcome = this.#evaluated?.outcome ?? '';
    const text = vscode.l10n.t('The request ends: {0}', outcome);
    this.#event('output', { category: 'stdout', output: `${text}\n` });
    this.#event('terminated');
  }

  /** What must hold at the breakpoint on a stop's line; undefined where there is no breakpoint. */
  #conditionAt({ file, line }: Stop): string | undefined {
    const uri = this.#evaluated?.files[file];
    return uri === undefined ? undefined : this.#breakpoints.get(plainUri(uri))?.get(line);
  }

  /** Whether the condition of a breakpoint holds; a wrong one is told, and stops, so that it is noticed. */
  async #holds(stop: Stop): Promise<boolean> {
    const condition = this.#conditionAt(stop) ?? '';
    if (condition === '') return true;
    const found = (await this.#inspect(stop, condition))?.expression;
    if (found === undefined) return true;
    if ('value' in found) return found.value !== 'false' && found.value !== '';
    const output = `${condition}: ${textOfByteString(found.problem)}\n`;
    this.#event('output', { category: 'stderr', output });
    return true;
  }

  async #setBreakpoints({ source, breakpoints }: Record<string, unknown>): Promise<object> {
    const path = (source as { path?: string } | undefined)?.path ?? '';
    const wanted = (breakpoints as { line: number; condition?: string }[] | undefined) ?? [];
    const uri = path.includes('://') ? path : vscode.Uri.file(path).toString();
    const lines = wanted.map(({ line }) => line);
    const possible = await this.#options.evaluator.breakpoints({ uri: plainUri(uri), lines });
    const set = new Map<number, string>();
    for (const [at, { condition = '' }] of wanted.entries()) {
      const line = possible?.[at];
      if (typeof line === 'number') set.set(line, condition.trim());
    }
    this.#breakpoints.set(plainUri(uri), set);
    return { breakpoints: lines.map((line, at) => breakpointAt(line, possible?.[at])) };
  }

  #stackTrace(): object {
    const stop = this.#stops[this.#at];
    if (!stop) return { stackFrames: [], totalFrames: 0 };
    const uri = this.#evaluated?.files[stop.file];
    const place =
      uri === undefined
        ? {}
        : {
            source: { name: uri.slice(uri.lastIndexOf('/') + 1), path: pathOf(uri) },
            line: stop.line,
            column: 1,
          };
    const { directive = '', args = '' } = stop.event;
    const top = {
      id: 1,
      name: textOfByteString(`${directive} ${args}`.trim()),
      line: 0,
      column: 0,
      ...place,
    };
    const below = { id: 2, name: stop.request, line: 0, column: 0, presentationHint: 'label' };
    return { stackFrames: [top, below], totalFrames: 2 };
  }

  async #variables({ variablesReference }: Record<string, unknown>): Promise<Variable[]> {
    const stop = this.#stops[this.#at];
    const scope = SCOPES[Number(variablesReference) - 1];
    if (!stop || !scope) return [];
    if (scope === 'captures') return variablesOf(capturesAt(this.#evaluated?.trace ?? [], stop));
    const inspection = await this.#inspect(stop);
    return variablesOf(inspection?.[scope] ?? []);
  }

  #inspect(stop: Stop, expression?: string): Promise<Inspection | undefined> {
    const { method, url, headers } = this.#watched.request;
    const asked = { uri: this.#watched.uri.toString(), request: { method, url, headers }, step: stop.step };
    return this.#options.evaluator.inspect(expression === undefined ? asked : { ...asked, expression });
  }

  /** A capture by its name, a variable by its name, or an ap_expr. */
  async #evaluateExpression({ expression }: Record<string, unknown>): Promise<Answer> {
    const stop = this.#stops[this.#at];
    const text = typeof expression === 'string' ? expression.trim() : '';
    if (!stop || text === '') return { error: vscode.l10n.t('There is nothing to look at.') };
    const capture = capturesAt(this.#evaluated?.trace ?? [], stop).find(([name]) => name === text);
    if (capture) return resultOf(textOfByteString(capture[1]));
    const isName = /^[A-Z_]+$/.test(text);
    const inspection = await this.#inspect(stop, isName ? `%{${text}}` : text);
    const found = inspection?.expression;
    if (!found) return { error: vscode.l10n.t('There is nothing to look at.') };
    return 'value' in found
      ? resultOf(textOfByteString(found.value))
      : { error: textOfByteString(found.problem) };
  }

  #respond(request: Message, { body, error }: Answer): void {
    this.#send({
      type: 'response',
      request_seq: request.seq,
      command: request.command,
      success: error === undefined,
      ...(error === undefined ? { body } : { message: error }),
    });
  }

  #event(event: string, body?: object): void {
    this.#send({ type: 'event', event, ...(body && { body }) });
  }

  #send(message: object): void {
    this.#seq += 1;
    this.#sent.fire({ seq: this.#seq, ...message });
  }
}

interface Answer {
  readonly body?: object;
  readonly error?: string;
}

const CAPABILITIES = {
  supportsConditionalBreakpoints: true,
  supportsConfigurationDoneRequest: true,
  supportsEvaluateForHovers: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
};

function scopes(): object[] {
  const { l10n } = vscode;
  const names: Readonly<Record<(typeof SCOPES)[number], string>> = {
    captures: l10n.t('Captures'),
    variables: l10n.t('Server Variables'),
    environment: l10n.t('Environment'),
    requestHeaders: l10n.t('Request Headers'),
    responseHeaders: l10n.t('Response Headers'),
  };
  return SCOPES.map((scope, at) => ({ name: names[scope], variablesReference: at + 1, expensive: false }));
}

function variablesOf(pairs: Pairs): Variable[] {
  return pairs.map(([name, value]) => ({
    name: textOfByteString(name),
    value: textOfByteString(value),
    variablesReference: 0,
  }));
}

/** As the editor shows it: moved to where a request can stop, or hollow, with the reason. */
function breakpointAt(wanted: number, line: number | null | undefined): object {
  if (typeof line === 'number') return { verified: true, line };
  const message =
    line === null
      ? vscode.l10n.t(
          'No request stops here or below: no rule, condition or other directive with an effect follows.',
        )
      : vscode.l10n.t('This file is no .htaccess of an open folder.');
  return { verified: false, line: wanted, message };
}

const resultOf = (result: string): Answer => ({ body: { result, variablesReference: 0 } });

/** The same file may be written in several ways. */
function plainUri(uri: string): string {
  return vscode.Uri.parse(uri).toString();
}

/** Editors know files of the disk by their paths, others by their addresses. */
function pathOf(uri: string): string {
  const parsed = vscode.Uri.parse(uri);
  return parsed.scheme === 'file' ? parsed.fsPath : parsed.toString();
}
