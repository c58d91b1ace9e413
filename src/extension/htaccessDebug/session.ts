import * as vscode from 'vscode';
import { capturesAt, nextStop, stopsOf, type Going, type Stop } from '../../language';
import type { Inspection } from '../../apache/request/inspect';
import type { Evaluated } from '../../server/evaluationProtocol';
import { textOfByteString } from '../../text/bytes';
import { formatRequest } from '../../urls';
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

/**
 * Steps through what Apache does with one request, rule by rule, over the files as they are being written. The way is known
 * beforehand, so that every stop can be looked at without waiting. Speaks the Debug Adapter Protocol.
 */
export class HtaccessDebugSession implements vscode.DebugAdapter {
  readonly #sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#sent.event;
  readonly #watched: WatchedUrl;
  readonly #evaluator: UrlEvaluator;
  /** One-based lines by the URI of their file. */
  readonly #breakpoints = new Map<string, ReadonlySet<number>>();
  readonly #stopOnEntry: boolean;
  #evaluated: Evaluated | undefined;
  #stops: readonly Stop[] = [];
  #at = -1;
  #seq = 0;

  constructor(watched: WatchedUrl, evaluator: UrlEvaluator, stopOnEntry: boolean) {
    this.#watched = watched;
    this.#evaluator = evaluator;
    this.#stopOnEntry = stopOnEntry;
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
        return this.#respond(request, { body: this.#setBreakpoints(given) });
      case 'launch':
        this.#respond(request, {});
        return;
      case 'configurationDone':
        this.#respond(request, {});
        return this.#start();
      case 'restart':
        this.#respond(request, {});
        return this.#start();
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
    this.#evaluated = await this.#evaluator.evaluate({ uri: uri.toString(), request: plain, trace: true });
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
    this.#event('output', { category: 'console', output: `${label} → ${this.#evaluated.outcome}\n` });
    this.#move(this.#stopOnEntry ? 'in' : 'on', 'entry');
  }

  #go(request: Message, going: Going): void {
    this.#respond(request, request.command === 'continue' ? { body: { allThreadsContinued: true } } : {});
    this.#move(going, 'step');
  }

  #move(going: Going, reason: string): void {
    const isBreakpoint = (stop: Stop) => this.#isBreakpoint(stop);
    const next = nextStop(this.#stops, this.#at, going, isBreakpoint);
    if (next === undefined) return this.#end();
    this.#at = next;
    const stop = this.#stops[next];
    const isHit = stop !== undefined && this.#isBreakpoint(stop);
    this.#event('stopped', {
      reason: isHit ? 'breakpoint' : reason,
      threadId: THREAD,
      allThreadsStopped: true,
      ...(stop === undefined ? {} : { description: textOfByteString(stop.text) }),
    });
  }

  #end(): void {
    const outcome = this.#evaluated?.outcome ?? '';
    const text = vscode.l10n.t('The request ends: {0}', outcome);
    this.#event('output', { category: 'console', output: `${text}\n` });
    this.#event('terminated');
  }

  #isBreakpoint({ file, line }: Stop): boolean {
    const uri = this.#evaluated?.files[file];
    return uri !== undefined && (this.#breakpoints.get(plainUri(uri))?.has(line) ?? false);
  }

  #setBreakpoints({ source, breakpoints }: Record<string, unknown>): object {
    const path = (source as { path?: string } | undefined)?.path ?? '';
    const lines = ((breakpoints as { line: number }[] | undefined) ?? []).map(({ line }) => line);
    const uri = path.includes('://') ? path : vscode.Uri.file(path).toString();
    this.#breakpoints.set(plainUri(uri), new Set(lines));
    return { breakpoints: lines.map((line) => ({ verified: true, line })) };
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
    return this.#evaluator.inspect(expression === undefined ? asked : { ...asked, expression });
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
