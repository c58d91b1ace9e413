import { chownSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { hasApache, startApache, type ApacheOptions, type ApacheServer } from '../../oracle/apache';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from '../../oracle/sshd';
import { whyNoUi } from '../ui';

/** Whether a window, an sshd with an account of its own and an Apache can run here. */
export const hasSiteHost =
  whyNoUi === undefined && sshdMissing === undefined && isRoot && hasApache().available;

/** A host as a person rents one: an account on a real sshd, and a real Apache that shows its folder and runs as it. */
export interface SiteHost {
  readonly user: TestUser;
  readonly sshd: Sshd;
  readonly apache: ApacheServer;
  /** Absolute: the folder that Apache shows. */
  readonly remote: string;
  stop(): Promise<void>;
}

/** Starts one; `stop` ends both servers and removes the account. */
export async function startSiteHost(options: Partial<ApacheOptions> = {}): Promise<SiteHost> {
  const user = createUser();
  const remote = path.join(user.home, 'public_html');
  mkdirSync(remote);
  chownSync(remote, user.uid, user.uid);
  const sshd = await startSshd({ user: user.name });
  const apache = await startApache({ documentRoot: remote, user: user.name, ...options });
  const stop = async () => {
    await apache.stop();
    await sshd.stop();
    user.remove();
  };
  return { user, sshd, apache, remote, stop };
}
