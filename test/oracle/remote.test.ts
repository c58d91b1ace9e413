import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/remote/connection';
import { prompts } from '../remote/prompts';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from './sshd';

describe.skipIf(sshdMissing !== undefined || !isRoot)('a real sshd as root', () => {
  let user: TestUser;
  let sshd: Sshd;
  beforeAll(async () => {
    user = createUser();
    sshd = await startSshd({ user: user.name });
  });
  afterAll(async () => {
    await sshd?.stop();
    user?.remove();
  });

  test('key', async () => {
    const connection = await connect(
      {
        host: '127.0.0.1',
        port: sshd.port,
        user: user.name,
        identityFile: sshd.clientKey,
        knownHostsFiles: [sshd.knownHosts],
        agent: 'none',
        configFile: 'none',
      },
      { prompts: prompts() },
    );
    expect(await connection.hasShell()).toBe(true);
    const sftp = await connection.sftp();
    expect(await sftp.realpath('.')).toBe(user.home);
    connection.dispose();
    expect(await connection.closed).toBe(undefined);
  });
});
