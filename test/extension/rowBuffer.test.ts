import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../src/errorlog';
import { loudnessOf, RowBuffer } from '../../src/extension/log/rowBuffer';

const ENTRY =
  '[Mon Nov 23 12:34:56.789012 2026] [fcgid:warn] [pid 7:tid 8] [client 127.0.0.1:40000] mod_fcgid: stderr: Traceback (most recent call last):';

/** Any text, without the ends that a line never has. */
const anyLine = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n]/g, ''));

describe('RowBuffer', () => {
  it("takes a line apart, with the server's own time of day", () => {
    const [row] = new RowBuffer(1000).add([ENTRY]);
    expect(row).toMatchObject({ id: 1, loudness: 'warning', time: '12:34:56', level: 'warn', text: ENTRY });
    expect(row?.origin).toContain('fcgid');
  });

  it('shows a raw line as it is, without a time or level that it does not have', () => {
    const [row] = new RowBuffer(1000).add(['Hello from a print statement']);
    expect(row).toMatchObject({
      time: '',
      level: '',
      origin: '',
      message: 'Hello from a print statement',
    });
  });

  it('lets the lines of a traceback be as loud as the one before', () => {
    const buffer = new RowBuffer(1000);
    const error = '[Mon Nov 23 12:34:56.789012 2026] [core:error] [pid 7] Traceback (most recent call last):';
    const rows = buffer.add([error, '  File "app.py", line 3, in page', "    raise ValueError('x')"]);
    expect(rows.map(({ loudness }) => loudness)).toEqual(['error', 'error', 'error']);
  });

  it('takes glued lines apart', () => {
    const rows = new RowBuffer(1000).add([`half a line ${ENTRY}`]);
    expect(rows.map(({ message }) => message.slice(0, 11))).toContain('half a line');
    expect(rows).toHaveLength(2);
  });

  it('knows what a line means', () => {
    const rows = new RowBuffer(1000).add([
      "[Mon Nov 23 12:34:56.789012 2026] [core:alert] [pid 7:tid 8] [client 127.0.0.1:40000] /home/x/.htaccess: Invalid command 'Foo', perhaps misspelled or defined by a module not included in the server configuration",
    ]);
    expect(rows[0]?.explanation?.remedy).toBeTruthy();
  });

  it('keeps the newest lines up to the bound', () => {
    const buffer = new RowBuffer(10);
    buffer.add(Array.from({ length: 25 }, (_, n) => `line ${n}`));
    expect(buffer.rows).toHaveLength(10);
    expect(buffer.rows.at(0)?.message).toBe('line 15');
    expect(buffer.rows.at(-1)?.message).toBe('line 24');
  });

  it('never grows past the bound and a slack, whatever comes', () => {
    const buffer = new RowBuffer(10);
    for (let batch = 0; batch < 50; batch++) buffer.add(Array.from({ length: 400 }, () => 'x'));
    expect(buffer.rows).toHaveLength(10);
    expect(buffer.rows.at(-1)?.id).toBe(20_000);
  });

  it('takes more lines at once than a function takes arguments', () => {
    const buffer = new RowBuffer(10);
    expect(buffer.add(Array.from({ length: 300_000 }, () => 'x'))).toHaveLength(300_000);
    expect(buffer.rows).toHaveLength(10);
  });

  it('numbers on after it was cleared, and forgets the line before', () => {
    const buffer = new RowBuffer(10);
    buffer.add(['[Mon Nov 23 12:34:56.789012 2026] [core:error] [pid 7] Traceback']);
    buffer.clear();
    expect(buffer.rows).toEqual([]);
    const fresh = new RowBuffer(10).add(['    indented'])[0];
    expect(buffer.add(['    indented'])[0]).toEqual({ ...fresh, id: 2 });
  });

  it('takes any text, loses no character of it, and numbers without gaps', () => {
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const buffer = new RowBuffer(1000);
        const rows = buffer.add(lines);
        expect(rows.map(({ id }) => id)).toEqual(rows.map((_, at) => at + 1));
        expect(rows.map(({ text }) => text).join('')).toBe(lines.join(''));
      }),
    );
  });
});

describe('loudnessOf', () => {
  it("gives each of Apache's levels one of four, no quieter level a louder one", () => {
    const order = ['error', 'warning', 'info', 'debug'];
    const ranks = LEVELS.map((level) => order.indexOf(loudnessOf(level)));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(new Set(ranks).size).toBe(4);
  });
});
