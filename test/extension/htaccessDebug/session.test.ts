import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hostProfile } from '../../../src/apache/host';
import { diskFiles } from '../../../src/server/diskFiles';
import { parseUrls, type WrittenRequest } from '../../../src/urls';
import { Editor } from '../../server/editor';

vi.mock('vscode', async () => {
  const { Emitter } = await import('vscode-languageserver');
  const { URI } = await import('vscode-uri');
  const t = (text: string, ...values: unknown[]) =>
    text.replaceAll(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)]));
  return { EventEmitter: Emitter, Uri: URI, l10n: { t } };
});

const vscode = await import('vscode');
const { HtaccessDebugSession, ANOTHER_URL_REQUEST } =
  await import('../../../src/extension/htaccessDebug/session');
const { UrlEvaluator } = await import('../../../src/extension/watch/evaluator');

const RULES = `# Old paths
RewriteEngine On

RewriteCond %{REQUEST_URI} ^/(o)ld
# Still an old path
RewriteRule ^old/(.*)$ /new/$1 [E=SEEN:yes]
RewriteRule ^new - [L]
# The end
`;

/** A message of the protocol, as far as these tests look at it. */
interface Message {
  readonly type: 'response' | 'event';
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly event?: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies differ with every command
  readonly body?: any;
}

/** The editor's end of a debug session: the language server behind it is a real one. */
class Debugger {
  readonly #language = new Editor({ files: [diskFiles] });
  readonly #folder = mkdtempSync(join(tmpdir(), 'fastcgi-debug-'));
  readonly #messages: Message[] = [];
  #session: InstanceType<typeof HtaccessDebugSession> | undefined;
  #seq = 0;
  #waiting: () => void = () => undefined;
  /** What is answered when the session asks for another URL. */
  another: WrittenRequest | undefined;

  readonly path = join(this.#folder, '.htaccess');

  async open(url: string, stopOnEntry = true): Promise<void> {
    writeFileSync(this.path, RULES);
    await this.#language.start();
    await this.#language.sendHosts(hostProfile(), { folder: pathToFileURL(this.#folder).href });
    const request = (method: string, params: object) => this.#language.askAny(method, params);
    const evaluator = new UrlEvaluator({ request } as never);
    const askAnother = () => Promise.resolve(this.another);
    this.#session = new HtaccessDebugSession(
      { uri: vscode.Uri.file(this.path), request: requestOf(url) },
      { evaluator, stopOnEntry, askAnother },
    );
    this.#session.onDidSendMessage((message) => {
      this.#messages.push(message as unknown as Message);
      this.#waiting();
    });
  }

  /** Resolves with the response to a request. */
  async ask(command: string, given: object = {}): Promise<Message> {
    const seq = ++this.#seq;
    this.#session?.handleMessage({ seq, type: 'request', command, arguments: given });
    return this.#next((one) => one.request_seq === seq);
  }

  /** The body of the next event of this name. */
  async event(name: string): Promise<Record<string, unknown>> {
    return (await this.#next((one) => one.event === name)).body ?? {};
  }

  async breakAt(...breakpoints: readonly { line: number; condition?: string }[]): Promise<unknown[]> {
    const { body } = await this.ask('setBreakpoints', { source: { path: this.path }, breakpoints });
    return body.breakpoints;
  }

  /** `line of the top frame, request`. */
  async place(): Promise<string> {
    const { stackFrames } = (await this.ask('stackTrace')).body;
    return `${stackFrames[0].line} ${stackFrames[1].name}`;
  }

  /** Goes on, and gives the reason and the place of the next stop. */
  async go(command: string): Promise<string> {
    const { success } = await this.ask(command);
    if (success !== true) return `${command} is refused`;
    const { reason } = await this.event('stopped');
    return `${String(reason)} ${await this.place()}`;
  }

  async variables(scope: string): Promise<Record<string, string>> {
    const { scopes } = (await this.ask('scopes')).body;
    const { variablesReference } = scopes.find(({ name }: { name: string }) => name === scope);
    const { variables } = (await this.ask('variables', { variablesReference })).body;
    return Object.fromEntries(
      variables.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
  }

  dispose(): void {
    this.#session?.dispose();
    this.#language.dispose();
    rmSync(this.#folder, { recursive: true });
  }

  async #next(isWanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const at = this.#messages.findIndex(isWanted);
      const [found] = at < 0 ? [] : this.#messages.splice(at, 1);
      if (found) return found;
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
  }
}

function requestOf(url: string): WrittenRequest {
  const [one] = parseUrls(`${url} -> 200`).cases;
  if (!one) throw new Error(`${url} is no request`);
  return one;
}

let session: Debugger;
beforeEach(() => (session = new Debugger()));
afterEach(() => session.dispose());

/** As an editor begins: it asks what is possible, sets breakpoints when told so, and starts. */
async function launch(url: string, { stopOnEntry = true, breakpoints = [] as { line: number }[] } = {}) {
  await session.open(url, stopOnEntry);
  const { body } = await session.ask('initialize', { adapterID: 'htaccess' });
  expect(body).toMatchObject({ supportsRestartRequest: true, supportsConditionalBreakpoints: true });
  await session.event('initialized');
  if (breakpoints.length > 0) await session.breakAt(...breakpoints);
  await session.ask('launch', {});
  await session.ask('configurationDone');
}

test('stops at the first line that the URL meets, and steps over lines to the end', async () => {
  await launch('/old/a');
  expect(await session.event('stopped')).toMatchObject({ reason: 'entry', threadId: 1 });
  expect(await session.place()).toBe('6 initial');
  expect((await session.ask('threads')).body.threads).toEqual([{ id: 1, name: '/old/a' }]);
  expect(await session.go('next')).toBe('step 4 initial');
  expect(await session.go('next')).toBe('step 6 initial');
  expect(await session.go('stepIn')).toBe('step 7 initial');
  expect(await session.go('stepOut')).toMatch(/^step \d initial\/redir#1$/);
  await session.ask('continue');
  expect(await session.event('terminated')).toEqual({});
  const outputs = [await session.event('output'), await session.event('output')];
  expect(outputs).toEqual([
    { category: 'stdout', output: '/old/a → 404\n' },
    { category: 'stdout', output: 'The request ends: 404\n' },
  ]);
});

test('breakpoints stand on rules and conditions, move from comments and blanks to the next of them, or say why not', async () => {
  await session.open('/old/a');
  const lines = [1, 2, 3, 4, 5, 6, 7, 8].map((line) => ({ line }));
  expect(await session.breakAt(...lines)).toEqual([
    ...[4, 4, 4, 4, 6, 6, 7].map((line) => ({ verified: true, line })),
    { verified: false, line: 8, message: expect.stringContaining('No request stops here') },
  ]);
  const { body } = await session.ask('setBreakpoints', {
    source: { path: '/elsewhere/.htaccess' },
    breakpoints: [{ line: 1 }],
  });
  expect(body.breakpoints).toEqual([
    { verified: false, line: 1, message: 'This file is no .htaccess of an open folder.' },
  ]);
});

test('goes on to breakpoints, by their expressions', async () => {
  await launch('/old/a', { stopOnEntry: false, breakpoints: [{ line: 3 }] });
  expect(await session.event('stopped')).toMatchObject({ reason: 'breakpoint' });
  expect(await session.place()).toBe('4 initial');
  const [condition] = await session.breakAt({ line: 7, condition: '%{REQUEST_URI} =~ m#^/new#' });
  expect(condition).toEqual({ verified: true, line: 7 });
  expect(await session.go('continue')).toBe('breakpoint 7 initial/redir#1');
  await session.breakAt({ line: 7, condition: 'no expression' });
  await session.ask('restart');
  expect(await session.event('stopped')).toMatchObject({ reason: 'breakpoint' });
  expect(await session.place()).toBe('7 initial');
});

test('shows captures, variables and environment as they are at a stop, and evaluates there', async () => {
  await launch('/old/a?q=1', { stopOnEntry: false, breakpoints: [{ line: 7 }] });
  await session.event('stopped');
  expect(await session.variables('Captures')).toMatchObject({});
  expect(await session.variables('Server Variables')).toMatchObject({ QUERY_STRING: 'q=1' });
  expect(await session.variables('Environment')).toMatchObject({ SEEN: 'yes' });
  const evaluate = async (expression: string) => {
    const { success, body, message } = await session.ask('evaluate', { expression, context: 'watch' });
    return success === true ? body.result : message;
  };
  expect(await evaluate('QUERY_STRING')).toBe('q=1');
  expect(await evaluate('%{REQUEST_URI} =~ m#^/new#')).toBe('false');
  expect(await evaluate('no expression')).toMatch(/syntax error/);
  expect(await evaluate(' ')).toBe('There is nothing to look at.');
});

test('begins anew with another URL, or goes on where none is named', async () => {
  await launch('/old/a');
  await session.event('stopped');
  expect(await session.go('next')).toBe('step 4 initial');
  await session.ask(ANOTHER_URL_REQUEST);
  expect(await session.place()).toBe('4 initial');
  session.another = requestOf('/new/b');
  await session.ask(ANOTHER_URL_REQUEST);
  expect(await session.event('stopped')).toMatchObject({ reason: 'entry' });
  expect((await session.ask('threads')).body.threads[0].name).toBe('/new/b');
});

test('ends when the editor leaves', async () => {
  await launch('/old/a');
  await session.event('stopped');
  await session.ask('disconnect');
  expect(await session.event('terminated')).toEqual({});
});

test('refuses what it does not know', async () => {
  await launch('/old/a');
  expect(await session.ask('goto')).toMatchObject({ success: false, message: 'goto is not known here' });
});
