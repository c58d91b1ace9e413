import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../src/errorlog';
import { LogStore, loudnessOf } from '../../src/extension/log/logStore';
import { RowSender } from '../../src/extension/log/rowSender';
import { LogModel } from '../../src/panels/log/model';
import type { LogRow, ToPanel } from '../../src/panels/log/messages';

const ENTRY =
  '[Mon Nov 23 12:34:56.789012 2026] [fcgid:warn] [pid 7:tid 8] [client 127.0.0.1:40000] mod_fcgid: stderr: Traceback (most recent call last):';

/** What a panel shows that takes everything at once. */
function shown(store: LogStore, maximum = 1000): LogRow[] {
  const model = new LogModel(maximum);
  const sender: RowSender = new RowSender(store, (message: ToPanel) => {
    if (message.type === 'rows') model.append(message.batch);
  });
  sender.restart();
  for (let round = 0; round < 1000; round++) sender.taken(store.newest);
  return Array.from({ length: model.visible.length }, (_, at) => model.visible.at(at)).flatMap(
    (row) => row ?? [],
  );
}

function stored(lines: readonly string[], maximum = 1000): LogStore {
  const store = new LogStore(maximum);
  store.add('error', lines);
  return store;
}

describe('LogStore', () => {
  it("takes a line apart, with the server's own time of day", () => {
    const [row] = shown(stored([ENTRY]));
    expect(row).toMatchObject({ id: 1, kind: 'entry', loudness: 'warning', source: 'error', text: ENTRY });
    expect(row?.message).toBe('Traceback (most recent call last):');
    expect(row?.origin).toBe('warn fcgid');
    expect(new Date((row?.time ?? 0) * 1000).toISOString()).toBe('2026-11-23T12:34:56.000Z');
  });

  it("learns the server's time zone from when the log was written, where both belong together", () => {
    const zoneAt = (written: string, lines: readonly string[] = [ENTRY]) => {
      const store = stored(lines);
      store.written('error', Date.parse(written) / 1000);
      return store.zone;
    };
    expect(zoneAt('2026-11-23T12:34:56Z')).toBe(0);
    expect(zoneAt('2026-11-23T11:34:57Z')).toBe(60);
    expect(zoneAt('2026-11-23T07:04:56Z')).toBe(330);
    expect(zoneAt('2026-11-23T19:34:58Z')).toBe(-420);
    // Written by something else than this line.
    expect(zoneAt('2026-11-23T11:38:00Z')).toBe(null);
    expect(zoneAt('2026-11-25T12:34:56Z')).toBe(null);
    expect(zoneAt('2026-11-23T12:34:56Z', ['no time'])).toBe(null);
    expect(zoneAt('2026-11-23T12:34:56Z', [])).toBe(null);
  });

  it('shows a raw line as it is', () => {
    expect(shown(stored(['Hello from a print statement']))).toEqual([
      expect.objectContaining({ kind: 'raw', time: -1, origin: '', message: 'Hello from a print statement' }),
    ]);
  });

  it('lets the lines of a traceback be as loud as the one before, of the same log', () => {
    const error = '[Mon Nov 23 12:34:56.789012 2026] [core:error] [pid 7] Traceback (most recent call last):';
    const store = stored([error]);
    store.add('access', ['a line of another log']);
    store.add('error', ['  File "app.py", line 3, in page']);
    expect(shown(store).map(({ loudness }) => loudness)).toEqual(['error', 'info', 'error']);
  });

  it('takes glued lines apart, and tells incidents', () => {
    const rows = shown(stored([`half a line ${ENTRY}`]));
    expect(rows.map(({ message }) => message.slice(0, 11))).toEqual(['half a line', 'Traceback (']);
    const refused = `[Mon Nov 23 12:34:56.789012 2026] [core:alert] [pid 7:tid 8] [client 127.0.0.1:1] /home/x/.htaccess: Invalid command 'Foo', perhaps misspelled or defined by a module not included in the server configuration`;
    expect(stored([refused]).incidents).toEqual([
      expect.objectContaining({ code: 'htaccess.invalid-command' }),
    ]);
  });

  it('keeps the newest lines up to the bound, whatever comes', () => {
    const store = stored(
      Array.from({ length: 300_000 }, (_, n) => `line ${n}`),
      2500,
    );
    const rows = shown(store, 2500);
    expect(rows).toHaveLength(2500);
    expect([rows.at(0)?.message, rows.at(-1)?.message]).toEqual(['line 297500', 'line 299999']);
    expect(rows.at(-1)?.id).toBe(300_000);
    expect([...store.batchesAfter(0)].reduce((sum, { texts }) => sum + texts.length, 0)).toBe(2500);
  });

  it('cuts a line of ten megabytes', () => {
    const [row] = shown(stored(['x'.repeat(10_000_000)]));
    expect(row?.text.length).toBeLessThan(20_000);
    expect(row?.text).toContain('10000000 characters');
  });

  it('numbers on after it was cleared, and forgets the line before', () => {
    const store = stored(['[Mon Nov 23 12:34:56.789012 2026] [core:error] [pid 7] Traceback']);
    store.clear();
    expect(shown(store)).toEqual([]);
    store.add('error', ['    indented']);
    expect(shown(store)).toEqual([expect.objectContaining({ id: 2, loudness: 'info' })]);
  });

  it('puts notes between the lines, and knows where and when a row is from', () => {
    const store = stored([ENTRY]);
    expect(store.note('Uploaded to production', 5)).toBe(2);
    expect(shown(store)[1]).toMatchObject({ kind: 'note', message: 'Uploaded to production', time: 5 });
    expect([store.sourceOf(1), store.sourceOf(2), store.sourceOf(99)]).toEqual(['error', '', '']);
    expect(store.lastUntil(store.timeOf(1))).toBe(2);
  });

  it('takes what came in the same second as a moment for younger', () => {
    const store = stored([ENTRY, ENTRY.replace(':56', ':57')]);
    const second = store.timeOf(2);
    const moments = [second - 1, second - 0.5, second, second + 0.9, second + 1];
    expect(moments.map((moment) => store.lastBefore(moment))).toEqual([0, 0, 1, 1, 2]);
  });

  it("learns the server's time zone from an access log", () => {
    const store = stored(['192.0.2.1 - - [23/Nov/2026:01:24:55 -0330] "GET / HTTP/1.1" 200 5']);
    expect(store.zone).toBe(-210);
  });

  it('takes any text, loses no character of it, and numbers without gaps', () => {
    const anyLine = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n]/g, ''));
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const rows = shown(stored(lines));
        expect(rows.map(({ text }) => text).join('')).toBe(lines.join(''));
        expect(rows.map(({ id }) => id)).toEqual(rows.map((_, at) => at + 1));
      }),
    );
  });

  it('keeps fewer or more lines from the moment that the setting changes', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}`);
    const store = stored(lines(9000), 9000);
    expect(store.oldest).toBe(1);
    store.limit(1000);
    expect(store.newest - store.oldest + 1).toBeLessThan(3001);
    store.limit(6000);
    store.add('error', lines(5000));
    expect(store.newest - store.oldest + 1).toBeGreaterThanOrEqual(5000);
  });

  it('knows every level', () => {
    expect(new Set(LEVELS.map((level) => loudnessOf(level)))).toEqual(
      new Set(['error', 'warning', 'info', 'debug']),
    );
  });
});

describe('RowSender', () => {
  it('never has more than two batches on the way, and leaves out what the panel would drop', () => {
    const store = new LogStore(3000);
    const sent: number[] = [];
    const sender = new RowSender(store, (message) => {
      if (message.type === 'rows') sent.push(message.batch.first);
    });
    sender.restart();
    for (let round = 0; round < 50; round++) {
      store.add(
        'error',
        Array.from({ length: 1000 }, () => 'x'),
      );
      sender.push();
    }
    expect(sent).toHaveLength(2);
    for (let round = 0; round < 10; round++) sender.taken(store.newest);
    expect(sent[2]).toBe(store.oldest);
    expect(sent.length).toBeLessThan(6);
  });
});
