import { expect, test } from 'vitest';
import { startProxy } from '../../src/remote/proxyCommand';

test('a command that takes nothing more is told by its last words, not by the pipe that broke', async () => {
  const stream = startProxy(`sh -c 'exec 0<&-; sleep 0.3; echo no way >&2; exit 3'`, () => undefined);
  const failed = new Promise<Error>((resolve) => stream.once('error', resolve));
  const writing = setInterval(() => stream.write('SSH-2.0-x\r\n'), 20);
  expect((await failed).message).toBe('the ProxyCommand failed: no way');
  clearInterval(writing);
});

test('a command that takes nothing more and lives on is given up', async () => {
  const stream = startProxy(`sh -c 'exec 0<&-; sleep 60'`, () => undefined);
  const failed = new Promise<Error>((resolve) => stream.once('error', resolve));
  const writing = setInterval(() => stream.write('SSH-2.0-x\r\n'), 20);
  expect(await failed).toMatchObject({ code: 'EPIPE' });
  clearInterval(writing);
});
