import { describe, expect, it, vi } from 'vitest';

vi.mock('vscode', () => ({
  EventEmitter: class {
    readonly #listeners: ((value: unknown) => void)[] = [];
    readonly event = (listener: (value: unknown) => void) => void this.#listeners.push(listener);
    fire = (value: unknown) => this.#listeners.forEach((listener) => listener(value));
    dispose = () => void this.#listeners.splice(0);
  },
}));

const { SiteSession } = await import('../../../src/extension/debug/siteSession');

function session(start = async () => undefined as void) {
  const told: Record<string, unknown>[] = [];
  const stop = vi.fn(async () => undefined);
  const adapter = new SiteSession({ start, stop });
  adapter.onDidSendMessage((message) => void told.push(message as Record<string, unknown>));
  let seq = 0;
  const ask = async (command: string, args: object = {}) => {
    adapter.handleMessage({ seq: ++seq, type: 'request', command, arguments: args });
    await new Promise((resolve) => setTimeout(resolve, 5));
    return told.find((message) => message['request_seq'] === seq);
  };
  const events = () => told.flatMap((message) => (message['type'] === 'event' ? [message['event']] : []));
  return { adapter, ask, events, stop, told };
}

describe('the debug session of a site', () => {
  it('begins, has no threads, and ends with the site', async () => {
    const { ask, events, stop } = session();
    expect(await ask('initialize')).toMatchObject({ success: true });
    expect(events()).toEqual(['initialized']);
    expect(await ask('launch')).toMatchObject({ success: true });
    expect(await ask('setBreakpoints', { breakpoints: [{ line: 1 }, { line: 2 }] })).toMatchObject({
      body: { breakpoints: [{ verified: false }, { verified: false }] },
    });
    expect(await ask('threads')).toMatchObject({ body: { threads: [] } });
    expect(await ask('disconnect')).toMatchObject({ success: true });
    expect(stop).toHaveBeenCalledOnce();
    expect(events()).toEqual(['initialized', 'terminated']);
  });

  it('that cannot begin says why, and ends', async () => {
    const { ask, events } = session(() => Promise.reject(new Error('Port 8400 is in use')));
    expect(await ask('launch')).toMatchObject({
      success: false,
      body: { error: { format: '{text}', variables: { text: 'Port 8400 is in use' }, showUser: true } },
    });
    expect(events()).toEqual(['terminated']);
  });

  it('numbers its messages, and says nothing once it has ended', async () => {
    const { adapter, ask, told } = session();
    await ask('initialize');
    adapter.print('stdout', 'a');
    adapter.end();
    adapter.print('stdout', 'b');
    adapter.end();
    expect(told.map((message) => message['seq'])).toEqual([1, 2, 3, 4]);
    expect(told.at(-1)).toMatchObject({ event: 'terminated' });
  });
});
