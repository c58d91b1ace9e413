import { uploadProject } from '../../src/deploy/upload';
import { connect } from '../../src/remote/connection';
import type { SshTarget } from '../../src/remote/target';
import { prompts } from '../remote/prompts';
import { countRequests } from './countedRequests';

/** An upload in a process of its own that ends itself by SIGKILL after so many requests. */
const { target, localRoot, remotePath, killAt } = JSON.parse(process.argv[2] ?? '') as {
  target: SshTarget;
  localRoot: string;
  remotePath: string;
  killAt: number;
};

async function run(): Promise<void> {
  const connection = await connect(target, { prompts: prompts() });
  countRequests((number) => {
    if (number === killAt) process.kill(process.pid, 'SIGKILL');
  });
  await uploadProject(connection, { localRoot, remotePath, dispatcher: 'dispatch.fcgi' });
  connection.dispose();
}

void run();
