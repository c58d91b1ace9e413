import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeNameValues,
  encodeAbort,
  encodeBegin,
  encodeEnd,
  encodeNameValues,
  encodeRecord,
  encodeRequest,
  encodeStream,
  MAX_CONTENT,
  readAnswerRecord,
  RecordDecoder,
  RecordType,
  type FastCgiRecord,
} from '../../src/fastcgi';

const byteString = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
});
const record = fc.record({
  type: fc.integer({ min: 0, max: 255 }),
  requestId: fc.integer({ min: 0, max: 65_535 }),
  content: fc.uint8Array({ maxLength: 300 }),
});

/** Cuts bytes at places chosen by the numbers. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

function decodeAll(chunks: readonly Uint8Array[]): { records: FastCgiRecord[]; decoder: RecordDecoder } {
  const decoder = new RecordDecoder();
  return { records: chunks.flatMap((chunk) => decoder.push(chunk)), decoder };
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks));
}

describe('records', () => {
  it('come back as they were, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (records, places) => {
          const bytes = join(records.map((one) => encodeRecord(one.type, one.requestId, one.content)));
          const { records: decoded, decoder } = decodeAll(cut(bytes, places));
          expect(decoded).toEqual(records);
          expect(decoder.atBoundary).toBe(true);
          expect(decoder.fault).toBeNull();
        },
      ),
    );
  });

  it('survive any bytes, and read nothing after a wrong version', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (chunks) => {
        const { records, decoder } = decodeAll(chunks);
        const bytes = join(chunks);
        if (bytes.length > 0 && bytes[0] !== 1) expect(decoder.fault).toContain(`byte ${bytes[0]}`);
        if (decoder.fault !== null) expect(decoder.push(encodeRecord(6, 1, new Uint8Array(1)))).toEqual([]);
        expect(records.length).toBeLessThanOrEqual(bytes.length / 8);
      }),
    );
  });

  it('are read byte by byte, with padding, in linear time', () => {
    const content = new Uint8Array(60_001).fill(7);
    const bytes = encodeRecord(RecordType.stdout, 1, content);
    const began = performance.now();
    const { records } = decodeAll([...bytes].map((byte) => Uint8Array.of(byte)));
    expect(records).toEqual([{ type: 6, requestId: 1, content }]);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('are padded to eight bytes', () => {
    for (let length = 0; length < 20; length++) {
      const bytes = encodeRecord(RecordType.stdin, 1, new Uint8Array(length));
      expect(bytes.length % 8).toBe(0);
      expect(bytes[6]).toBe(bytes.length - 8 - length);
    }
  });

  it('do not change when more is pushed', () => {
    const decoder = new RecordDecoder();
    const bytes = encodeRecord(RecordType.stdout, 1, Uint8Array.of(1, 2, 3));
    decoder.push(bytes.subarray(0, 9));
    decoder.own();
    const [first] = decoder.push(bytes.subarray(9));
    decoder.push(encodeRecord(RecordType.stdout, 1, Uint8Array.of(9, 9, 9)));
    expect(first?.content).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('are whole where the memory of a half read one is written over', () => {
    const decoder = new RecordDecoder();
    const bytes = encodeRecord(RecordType.stdout, 1, Uint8Array.of(1, 2, 3));
    const memory = Uint8Array.from(bytes.subarray(0, 10));
    decoder.push(memory);
    decoder.own();
    memory.fill(0);
    const [first] = decoder.push(bytes.subarray(10));
    expect(first?.content).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe('name-value pairs', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(byteString, byteString)), (pairs) => {
        expect(decodeNameValues(encodeNameValues(pairs))).toEqual(pairs);
      }),
    );
  });

  it.each([0, 1, 127, 128, 129, 255, 256, 65_535, 65_536, 100_000])('have values of %d bytes', (length) => {
    const pairs = [
      ['A', 'v'.repeat(length)],
      ['n'.repeat(length), ''],
    ] as const;
    const bytes = encodeNameValues(pairs);
    expect(bytes.length).toBe(2 * length + 1 + 2 * (length < 128 ? 2 : 5));
    expect(decodeNameValues(bytes)).toEqual(pairs);
  });

  it('are null when cut, and never throw', () => {
    expect(decodeNameValues(Uint8Array.of(3, 1, 65))).toBeNull();
    expect(decodeNameValues(Uint8Array.of(0x80, 0, 0))).toBeNull();
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeNameValues(bytes)));
  });
});

describe('a request', () => {
  it('is BEGIN, PARAMS and STDIN with their ends; long streams are split at 65528', () => {
    const params = [['LONG', 'x'.repeat(140_000)]] as const;
    const body = new Uint8Array(65_529).fill(5);
    const bytes = encodeRequest({ requestId: 1, keepConnection: true, params, body });
    const { records } = decodeAll([bytes]);
    expect(records.map(({ type, content }) => [type, content.length])).toEqual([
      [RecordType.beginRequest, 8],
      [RecordType.params, MAX_CONTENT],
      [RecordType.params, MAX_CONTENT],
      [RecordType.params, 140_009 - 2 * MAX_CONTENT],
      [RecordType.params, 0],
      [RecordType.stdin, MAX_CONTENT],
      [RecordType.stdin, 1],
      [RecordType.stdin, 0],
    ]);
    const stream = join(
      records.filter(({ type }) => type === RecordType.params).map(({ content }) => content),
    );
    expect(decodeNameValues(stream)).toEqual(params);
    expect(records[0]?.content).toEqual(Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 0));
  });

  it('asks for a connection that closes, and is aborted, in the bytes of the specification', () => {
    expect([...encodeBegin(258, false)]).toEqual([1, 1, 1, 2, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect([...encodeAbort(1)]).toEqual([1, 2, 0, 1, 0, 0, 0, 0]);
  });
});

describe('the records of an answer', () => {
  const first = (bytes: Uint8Array): FastCgiRecord => decodeAll([bytes]).records[0] as FastCgiRecord;

  it('are output, errors and the end', () => {
    const content = Uint8Array.of(1);
    expect(readAnswerRecord({ type: 6, requestId: 1, content })).toEqual({ kind: 'stdout', content });
    expect(readAnswerRecord({ type: 7, requestId: 1, content })).toEqual({ kind: 'stderr', content });
    const end = readAnswerRecord(first(encodeEnd(1, 0xfffffffe)));
    expect(end).toEqual({ kind: 'end', applicationStatus: 0xfffffffe });
  });

  it.each([
    [1, 'two requests'],
    [2, 'overloaded'],
    [3, 'role'],
    [77, '77'],
  ])('refuse with protocol status %d', (status, words) => {
    const part = readAnswerRecord(first(encodeEnd(1, 0, status)));
    expect(part).toMatchObject({ kind: 'refused', message: expect.stringContaining(words) });
  });

  it('mean nothing when their type is unknown, whatever their id', () => {
    fc.assert(
      fc.property(record, (one) => {
        const part = readAnswerRecord(one);
        const known = [3, 6, 7].includes(one.type);
        expect(part.kind === 'ignored').toBe(!known);
      }),
    );
  });

  it('end a stream with an empty record', () => {
    expect(decodeAll([encodeStream(RecordType.stdout, 3, new Uint8Array(0))]).records).toEqual([
      { type: 6, requestId: 3, content: new Uint8Array(0) },
    ]);
  });
});
