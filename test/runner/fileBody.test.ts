import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { spoolBody } from '../../src/runner/bodySpool';
import { copied } from '../../src/runner/fileBody';
import type { BodySink, RequestBody } from '../../src/runner/http/requestBody';

/** A body of two pieces, which come later, as from a client. */
const body = {
  read: (sink: BodySink) =>
    void setImmediate(() => {
      sink.data(Buffer.alloc(100));
      sink.data(Buffer.alloc(100));
      sink.end();
    }),
} as unknown as RequestBody;

describe('a body that cannot be written to the disk', () => {
  it('fails for who asked to have it copied, and ends nothing', async () => {
    const file = fs.openSync('/dev/full', 'r+');
    try {
      await expect(copied(body, file)).rejects.toThrow('ENOSPC');
    } finally {
      fs.closeSync(file);
    }
  });

  it('fails for who asked to have it kept, and ends nothing', async () => {
    const options = { limit: 1000, cutAfter: 1000, inMemory: 10, onPart: () => undefined };
    const kept = spoolBody(body, { ...options, filePath: () => '/no-such-folder/body' });
    await expect(kept).rejects.toThrow('ENOENT');
  });
});
