import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import type { Target } from '../../src/project';

/** What the status bar shows. */
const shown = {
  text: '',
  command: undefined as string | undefined,
  tooltip: { value: '' },
  dispose: () => undefined,
  show: () => undefined,
  hide: () => undefined,
};

vi.mock('vscode', () => ({
  window: {
    createStatusBarItem: () => shown,
    onDidChangeActiveTextEditor: () => ({ dispose: () => undefined }),
  },
  l10n: {
    t: (text: string, ...values: string[]) =>
      text.replaceAll(/\{(\d)\}/g, (_, at: string) => values[Number(at)] ?? ''),
  },
  StatusBarAlignment: { Left: 1 },
  CancellationError: class extends Error {},
  EventEmitter: class<T> {
    readonly #listeners: ((event: T) => void)[] = [];
    readonly event = (listener: (event: T) => void) => this.#listeners.push(listener);
    fire = (event: T) => {
      for (const listener of this.#listeners) listener(event);
    };
    dispose = () => undefined;
  },
  ThemeColor: class {
    readonly id = 'colour';
  },
  MarkdownString: class {
    value = '';
    appendText(text: string) {
      this.value += text;
    }
    appendMarkdown(text: string) {
      this.value += text;
    }
  },
}));

const { CancellationError } = await import('vscode');
const { TargetItem } = await import('../../src/extension/targets/targetItem');

const live: Target = {
  name: 'live',
  ssh: { host: 'www.example.test', user: 'me' },
  path: 'public_html',
  ignore: [],
  reload: 'auto',
  ask: true,
  tryPrograms: true,
  host: hostProfile(),
};

describe('the status-bar item of a target', () => {
  let item: InstanceType<typeof TargetItem>;

  beforeEach(() => {
    const quiet = { onDidChange: () => ({ dispose: () => undefined }) };
    item = new TargetItem(quiet as never, { ...quiet, current: () => ({ target: live }) } as never);
  });

  it('tells of uploads, roll backs and reloads that succeeded', () => {
    const told: string[] = [];
    item.onDidDeploy(({ target, kind }) => told.push(`${kind} ${target.name}`));
    item.uploaded(live);
    item.rolledBack(live);
    item.reloaded(live);
    expect(told).toEqual(['upload live', 'rollback live', 'reload live']);
  });

  it('names the target, and a click reloads it', () => {
    expect(shown.text).toBe('$(server) live');
    expect(shown.command).toBe('fastcgi.reload');
    expect(shown.tooltip.value).toContain('`me@www.example.test:public_html`');
    expect(shown.tooltip.value).toContain('Nothing was done with it');
  });

  it('spins while something is done, and cannot be clicked', async () => {
    let during = '';
    const command = await item.busy(live, async () => {
      during = shown.text;
      return shown.command;
    });
    expect(during).toBe('$(sync~spin) live');
    expect(command).toBeUndefined();
    expect(shown.text).toBe('$(server) live');
  });

  it('says when it was uploaded and reloaded', () => {
    item.uploaded(live);
    expect(shown.text).toBe('$(server) live');
    item.reloaded(live);
    expect(shown.text).toMatch(/^\$\(server\) live .*\d/);
    expect(shown.tooltip.value).toMatch(/Last uploaded at .*\d[^]*Last reloaded at .*\d/);
  });

  it('shows a failure until something succeeds', async () => {
    const work = () => Promise.reject(new Error('The host is down.'));
    await expect(item.busy(live, work)).rejects.toThrow('The host is down.');
    expect(shown.text).toBe('$(warning) live');
    expect(shown.tooltip.value).toContain('The host is down.');
    await item.busy(live, () => Promise.resolve('has everything already'));
    expect(shown.text).toBe('$(server) live');
    expect(shown.tooltip.value).not.toContain('The host is down.');
    expect(shown.tooltip.value).not.toContain('Last uploaded');
  });

  it('counts a back-off down, offers the way out of it, and forgets it when it is over', () => {
    vi.useFakeTimers();
    try {
      item.backedOff(live, 600);
      expect(shown.text).toMatch(/^\$\(clock\) live: backed off until .*\d/);
      expect(shown.command).toBe('fastcgi.recover');
      expect(shown.tooltip.value).toContain('again in 600 s');
      vi.advanceTimersByTime(60_000);
      expect(shown.tooltip.value).toContain('again in 540 s');
      vi.advanceTimersByTime(600_000);
      expect(shown.text).toBe('$(server) live');
      expect(vi.getTimerCount()).toBe(0);
      item.backedOff(live, 600);
      item.revived(live);
      expect(shown.command).toBe('fastcgi.reload');
      item.dispose();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes a cancellation for no failure', async () => {
    const work = () => Promise.reject(new CancellationError());
    await expect(item.busy(live, work)).rejects.toThrow(CancellationError);
    expect(shown.text).toBe('$(server) live');
  });
});
