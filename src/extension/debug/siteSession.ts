import * as vscode from 'vscode';

/** What the debug session of a site does. */
export interface SiteSessionWork {
  /** Serves the site; a rejection is the answer to the launch. */
  readonly start: () => Promise<void>;
  /** Ends everything; resolves when nothing is left. */
  readonly stop: () => Promise<void>;
}

interface Message {
  readonly seq: number;
  readonly type: string;
  readonly command?: string;
  readonly arguments?: { readonly breakpoints?: readonly unknown[] };
}

/**
 * The debug adapter of the site itself: it serves the site, prints what programs write, and has no threads of its own. Each program
 * is a session below it, with the debugger of its language.
 */
export class SiteSession implements vscode.DebugAdapter {
  readonly #sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#sent.event;
  readonly #work: SiteSessionWork;
  #sequence = 0;
  #ended = false;

  constructor(work: SiteSessionWork) {
    this.#work = work;
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const request = message as Message;
    if (request.type !== 'request') return;
    void this.#answer(request).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      const body = { error: { id: 1, format: '{text}', variables: { text }, showUser: true } };
      this.#respond(request, { success: false, message: text, body });
      // Without a site there is nothing to debug.
      if (request.command === 'launch') this.end();
    });
  }

  /** Prints a line in the debug console. */
  print(category: 'stdout' | 'stderr' | 'console' | 'important', output: string): void {
    if (!this.#ended) this.#event('output', { category, output });
  }

  /** The site is no longer served. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#event('terminated');
  }

  dispose(): void {
    this.#ended = true;
    void this.#work.stop();
    this.#sent.dispose();
  }

  async #answer(request: Message): Promise<void> {
    const { command } = request;
    if (command === 'initialize') {
      this.#respond(request, {
        body: { supportsConfigurationDoneRequest: true, supportsTerminateRequest: true },
      });
      this.#event('initialized');
    } else if (command === 'launch') {
      await this.#work.start();
      this.#respond(request);
    } else if (command === 'disconnect' || command === 'terminate') {
      await this.#work.stop();
      this.#respond(request);
      this.end();
    } else if (command === 'threads') this.#respond(request, { body: { threads: [] } });
    else if (command === 'setBreakpoints') this.#respond(request, { body: this.#unverified(request) });
    else this.#respond(request, command === 'evaluate' ? { success: false } : {});
  }

  /** Breakpoints belong to the sessions of the programs. */
  #unverified({ arguments: given }: Message): object {
    return { breakpoints: (given?.breakpoints ?? []).map(() => ({ verified: false })) };
  }

  #respond({ seq, command }: Message, more: object = {}): void {
    this.#send({ type: 'response', request_seq: seq, success: true, command, ...more });
  }

  #event(event: string, body: object = {}): void {
    this.#send({ type: 'event', event, body });
  }

  #send(message: object): void {
    this.#sent.fire({ seq: ++this.#sequence, ...message });
  }
}
