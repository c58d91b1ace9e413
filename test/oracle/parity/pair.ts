import * as fs from 'node:fs';
import { startRunner } from '../../../src/runner';
import { startApache } from '../apache';
import { sendRaw, type RawAnswer } from './rawClient';

/** Apache with mod_fcgid and the runner in its faithful mode, which serve one folder. */
export interface Pair {
  /** What both answer to the same bytes, Apache first. */
  send(bytes: string): Promise<[RawAnswer, RawAnswer]>;
  /** Ends both and removes the folder. */
  stop(): Promise<void>;
}

export async function startPair(folder: string): Promise<Pair> {
  const apache = await startApache({ documentRoot: folder, config: 'ServerTokens Full', children: 8 });
  const environment = { PATH: '/usr/local/bin:/usr/bin:/bin' };
  const options = { root: folder, name: 'site.test', environment, mode: 'faithful' } as const;
  const runner = await startRunner(options).catch(async (error: unknown) => {
    await apache.stop();
    throw error;
  });
  return {
    send: (bytes) => Promise.all([sendRaw(apache.port, bytes), sendRaw(runner.port, bytes)]),
    stop: async () => {
      await runner.dispose();
      await apache.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
