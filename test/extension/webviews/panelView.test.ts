import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeView, ordersOf } from './fakeView';

vi.mock('vscode', () => ({
  Uri: { joinPath: (...parts: unknown[]) => parts.join('/') },
  window: { registerWebviewViewProvider: () => ({ dispose: () => undefined }) },
}));

const { PanelView } = await import('../../../src/extension/webviews/panelView');

type From = { readonly type: 'ready' } | { readonly type: 'word'; readonly word: string };

/** A panel that shows one number, and what it told. */
function numberPanel() {
  const told: string[] = [];
  let shown = 0;
  const panel = new PanelView<From, number>(
    { id: 'number', extensionUri: 'root' as never, page: () => ({ name: 'number', markup: '', texts: {} }) },
    {
      onReady: () => panel.send(shown),
      onMessage: ({ word }) => told.push(word),
      onHidden: () => told.push('hidden'),
    },
  );
  return { panel, told, change: () => panel.send((shown += 1)), last: () => shown };
}

describe('a view that is a page of ours', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('shows in the end what holds, in whatever order things happen', () => {
    const steps = ['run', 'run', 'hide', 'show', 'lose', 'change', 'change'] as const;
    for (const order of ordersOf(steps)) {
      const { panel, change, last } = numberPanel();
      const fake = new FakeView();
      panel.resolveWebviewView(fake.view);
      for (const step of order) {
        if (step === 'change') change();
        else if (step === 'hide' || step === 'show') fake.show(step === 'show');
        else fake[step]();
      }
      fake.show(true);
      fake.run();
      expect([order.join(' '), fake.heard.at(-1)]).toEqual([order.join(' '), last()]);
      panel.dispose();
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it('shows it also where the view went and another one has come', () => {
    const { panel, told, change, last } = numberPanel();
    const [old, young] = [new FakeView(), new FakeView()];
    panel.resolveWebviewView(old.view);
    old.run();
    panel.resolveWebviewView(young.view);
    old.show(false);
    old.show(true);
    old.dispose();
    old.say({ type: 'word', word: 'late' });
    expect(panel.isReady).toBe(false);
    change();
    young.run();
    expect(young.heard).toEqual([last()]);
    change();
    expect(young.heard.at(-1)).toBe(last());
    young.say({ type: 'word', word: 'hello' });
    young.dispose();
    expect(told).toEqual(['hidden', 'hello', 'hidden']);
    expect(panel.isReady).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('answers a page that asks again', () => {
    const { panel, last } = numberPanel();
    const fake = new FakeView();
    panel.resolveWebviewView(fake.view);
    fake.run();
    fake.say({ type: 'ready' });
    expect(fake.heard).toEqual([last(), last()]);
    panel.dispose();
  });

  it('loads a page anew that stays silent, and gives up in the end', () => {
    const { panel } = numberPanel();
    const fake = new FakeView();
    panel.resolveWebviewView(fake.view);
    vi.advanceTimersByTime(9_000);
    expect(fake.contents).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(fake.contents).toHaveLength(2);
    // The same content would not be loaded again.
    expect(new Set(fake.contents).size).toBe(2);
    vi.advanceTimersByTime(19_000);
    expect(fake.contents).toHaveLength(2);
    vi.advanceTimersByTime(3_600_000);
    expect(fake.contents).toHaveLength(5);
    expect(vi.getTimerCount()).toBe(0);
    fake.run();
    expect(fake.heard).toEqual([0]);
  });

  it('loads nothing anew that has announced itself, is hidden, or gone', () => {
    const { panel } = numberPanel();
    const fake = new FakeView();
    panel.resolveWebviewView(fake.view);
    fake.show(false);
    expect(vi.getTimerCount()).toBe(0);
    fake.show(true);
    expect(vi.getTimerCount()).toBe(1);
    fake.run();
    expect(vi.getTimerCount()).toBe(0);
    fake.show(false);
    fake.show(true);
    fake.dispose();
    expect(vi.getTimerCount()).toBe(0);
    expect(fake.contents).toHaveLength(1);
  });
});
