import { well, type Finding } from './finding';
import type { Observations } from './observations';

const MEGABYTE = 1_048_576;

const SSH: Readonly<Record<string, string>> = {
  unreachable: 'The name or port of the server is wrong, or it does not answer.',
  'authentication-failed': 'The account, the key or the password is not accepted.',
  'host-key-unknown': 'The key of the server was not accepted.',
  'host-key-changed': 'The server shows another key than before: it may be another machine.',
  configuration: 'The project file or ~/.ssh/config is not right.',
  timeout: 'The server did not complete the login in time.',
};

/** The account: can it be reached, is there room. */
export function judgeHost(seen: Observations): readonly Finding[] {
  const { sshFailure, freeBytes, quota, target } = seen;
  if (sshFailure !== null) {
    // Where the web server does not answer either, that is what visitors meet.
    return [
      {
        code: `ssh.${sshFailure.reason}`,
        severity: 'error',
        weight: 70,
        title: `The server of "${target.name}" cannot be reached over SSH.`,
        why: SSH[sshFailure.reason] ?? 'The connection failed.',
        evidence: [sshFailure.message],
        remedies: [
          {
            text: 'Correct "ssh" in .vscode/fastcgi.json, or log in once by hand to see what the server says.',
          },
        ],
      },
    ];
  }
  const room = freeBytes === null ? [] : [freeBytes < MEGABYTE ? full(freeBytes) : enough(freeBytes)];
  return [
    well('ssh.fine', 'The server can be reached over SSH.'),
    ...room,
    ...(quota === null ? [] : [overQuota(quota)]),
  ];
}

function full(freeBytes: number): Finding {
  return {
    code: 'host.disk-full',
    severity: 'error',
    weight: 83,
    title: `The disk of the site is full: ${Math.floor(freeBytes / 1024)} KB are free.`,
    why: 'Programs cannot write sessions, caches and logs, and nothing can be uploaded.',
    evidence: [`${freeBytes} bytes free`],
    remedies: [{ text: 'Remove what is not needed: old logs, caches, uploads.' }],
  };
}

function enough(freeBytes: number): Finding {
  return well(
    'host.disk',
    `There is room: ${Math.floor(freeBytes / MEGABYTE).toLocaleString('en')} MB free.`,
  );
}

function overQuota(quota: string): Finding {
  return {
    code: 'host.quota',
    severity: 'error',
    weight: 83,
    title: 'Your quota of disk space is used up.',
    why: 'Programs cannot write, and nothing can be uploaded.',
    evidence: quota.split('\n').slice(0, 6),
    remedies: [{ text: 'Remove what is not needed, or ask your host for more room.' }],
  };
}
