import type { BaseLanguageClient, StateChangeEvent } from 'vscode-languageclient';
import { expect, it, vi } from 'vitest';
import { FakeEvent } from './webviews/fakeView';

vi.mock('vscode', async () => {
  const { Emitter } = await import('vscode-languageserver');
  const listener = () => ({ dispose: () => undefined });
  return { EventEmitter: Emitter, workspace: { onDidChangeTextDocument: listener } };
});

vi.mock('vscode-languageclient', () => ({
  CloseAction: { DoNotRestart: 1, Restart: 2 },
  ErrorAction: { Continue: 1, Shutdown: 2 },
  State: { Stopped: 1, Running: 2, Starting: 3 },
}));

const { State } = await import('vscode-languageclient');
const { LanguageFeature } = await import('../../src/extension/languageClient');

/** A client whose server comes up, and again, as the test says. */
class FakeClient {
  readonly sent: string[] = [];
  readonly #states = new FakeEvent<StateChangeEvent>();
  readonly onDidChangeState = this.#states.event;
  readonly isRunning = () => true;
  readonly onRequest = () => ({ dispose: () => undefined });

  start(): Promise<void> {
    this.#states.fire({ oldState: State.Stopped, newState: State.Starting });
    this.#states.fire({ oldState: State.Starting, newState: State.Running });
    return Promise.resolve();
  }

  end(): void {
    this.#states.fire({ oldState: State.Running, newState: State.Stopped });
  }

  sendNotification(method: string): Promise<void> {
    this.sent.push(method);
    return Promise.resolve();
  }
}

it('tells each server of the folders before it says that it runs, also one that the client has started again', async () => {
  const client = new FakeClient();
  const listener = () => ({ dispose: () => undefined });
  const language = new LanguageFeature({
    createClient: () => client as unknown as BaseLanguageClient,
    log: {} as never,
    failures: {} as never,
    commands: { register: listener } as never,
    projects: { onDidChange: listener, all: [] } as never,
  });
  language.onDidStart(() => client.sent.push('runs'));
  await language.start();
  await vi.waitFor(() => expect(client.sent).toEqual(['fastcgi/hosts', 'runs']));
  client.end();
  await client.start();
  await vi.waitFor(() => expect(client.sent).toEqual(['fastcgi/hosts', 'runs', 'fastcgi/hosts', 'runs']));
});
