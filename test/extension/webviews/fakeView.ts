import type { WebviewView } from 'vscode';

type Listener<Event> = (event: Event) => void;

/** Listeners of an event of VS Code, and a way to fire it. */
export class FakeEvent<Event = void> {
  readonly #listeners = new Set<Listener<Event>>();
  readonly event = (listener: Listener<Event>) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/**
 * A webview view as VS Code has it: its page is gone while it is hidden, and is loaded by VS Code itself when it is shown again;
 * what is sent before the page's script runs is lost. The script runs when the test says so.
 */
export class FakeView {
  /** What the script has heard since it runs. */
  heard: unknown[] = [];
  /** Each content that was to be loaded. */
  readonly contents: string[] = [];
  visible = true;
  #runs = false;
  readonly #messages = new FakeEvent<unknown>();
  readonly #visibility = new FakeEvent();
  readonly #disposed = new FakeEvent();

  get view(): WebviewView {
    // oxlint-disable-next-line typescript/no-this-alias, unicorn/no-this-assignment -- for the accessors below
    const self = this;
    const webview = {
      options: {},
      cspSource: 'source',
      asWebviewUri: (uri: unknown) => uri,
      set html(content: string) {
        self.contents.push(content);
        self.lose();
      },
      onDidReceiveMessage: this.#messages.event,
      postMessage: (message: unknown) => this.#runs && this.heard.push(message),
    };
    return {
      webview,
      get visible() {
        return self.visible;
      },
      onDidChangeVisibility: this.#visibility.event,
      onDidDispose: this.#disposed.event,
    } as unknown as WebviewView;
  }

  /** The script runs, and announces itself. */
  run(): void {
    if (!this.visible || this.#runs) return;
    this.#runs = true;
    this.say({ type: 'ready' });
  }

  /** The page goes, untold, as when webviews are reloaded. */
  lose(): void {
    this.#runs = false;
    this.heard = [];
  }

  say(message: unknown): void {
    this.#messages.fire(message);
  }

  show(visible: boolean): void {
    if (visible === this.visible) return;
    this.visible = visible;
    this.lose();
    this.#visibility.fire();
  }

  dispose(): void {
    this.lose();
    this.#disposed.fire();
  }
}

/** All orders of some things. */
export function ordersOf<Thing>(things: readonly Thing[]): Thing[][] {
  if (things.length === 0) return [[]];
  return things.flatMap((first, at) => ordersOf(things.toSpliced(at, 1)).map((rest) => [first, ...rest]));
}
