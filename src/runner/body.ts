import type { IncomingMessage } from 'node:http';

/**
 * The whole body of a request, as mod_fcgid reads it before it asks the program. A number when it is longer than the
 * limit: the bytes so far (the rest is not kept). Null when the client broke off.
 */
export function readBody(message: IncomingMessage, limit: number): Promise<Uint8Array | number | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    message.on('data', (part: Buffer) => {
      length += part.length;
      if (length > limit) resolve(length);
      else parts.push(part);
    });
    message.once('end', () => resolve(Buffer.concat(parts)));
    message.once('error', () => resolve(null));
    message.once('close', () => resolve(null));
  });
}
