import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { AuthContext, AuthenticationType, KeyboardAuthContext } from 'ssh2';
import { connect, type ConnectOptions, type RemoteConnection } from '../../src/remote/connection';
import type { RemotePrompts } from '../../src/remote/prompts';
import { prompts } from './prompts';
import { startServer, type TestServer, type TestServerOptions } from './server';

let server: TestServer | undefined;
let connection: RemoteConnection | undefined;

afterEach(async () => {
  connection?.dispose();
  connection = undefined;
  await server?.stop();
  server = undefined;
});

const once: Partial<RemotePrompts> = { hostKey: async () => 'once' };

async function login(
  options: TestServerOptions,
  answers: Partial<RemotePrompts> = {},
  more: Partial<ConnectOptions> = {},
): Promise<RemoteConnection> {
  server = await startServer(options);
  connection = await connect(server.target, { prompts: prompts({ ...once, ...answers }), ...more });
  return connection;
}

/** Accepts one password; notes every one that arrives. */
function passwordServer(right: string, seen: string[]): TestServerOptions {
  return {
    authenticate: (context) => {
      if (context.method !== 'password') return context.reject(['password']);
      seen.push(context.password);
      if (context.password === right) context.accept();
      else context.reject(['password']);
    },
  };
}

test('a refused password is never sent again without asking', async () => {
  const seen: string[] = [];
  const answers = ['first', 'second', 'right'];
  const rejected: boolean[] = [];
  await login(passwordServer('right', seen), {
    password: async (question) => {
      rejected.push(question.rejected);
      return answers.shift();
    },
  });
  expect(seen).toEqual(['first', 'second', 'right']);
  expect(rejected).toEqual([false, true, true]);
});

test('three refused passwords are enough: hosts ban those who go on', async () => {
  const seen: string[] = [];
  const refused = login(passwordServer('right', seen), { password: async () => 'wrong' });
  await expect(refused).rejects.toMatchObject({ reason: 'authentication-failed' });
  expect(seen).toHaveLength(3);
});

test('a recalled password that is refused is sent once', async () => {
  const seen: string[] = [];
  await login(passwordServer('right', seen), {
    recallPassword: async () => 'old',
    password: async () => 'right',
  });
  expect(seen).toEqual(['old', 'right']);
});

test('giving up at the password prompt sends nothing', async () => {
  const seen: string[] = [];
  const cancelled = login(passwordServer('right', seen), { password: async () => undefined });
  await expect(cancelled).rejects.toMatchObject({ reason: 'cancelled' });
  expect(seen).toEqual([]);
});

/** Asks for a password and a code, one after the other, as PAM does. */
function interactiveServer(expected: readonly string[]): TestServerOptions {
  return {
    authenticate: (context: AuthContext) => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      context.prompt([{ prompt: 'Password: ', echo: false }], 'Login', 'Read this', (password) => {
        context.prompt([{ prompt: 'Code: ', echo: true }], (code) => {
          if ([...password, ...code].join() === expected.join()) context.accept();
          else context.reject(['keyboard-interactive']);
        });
      });
    },
  };
}

test('keyboard-interactive: each question of the server is put to the person', async () => {
  const questions: unknown[] = [];
  await login(interactiveServer(['secret', '123456']), {
    keyboardInteractive: async (question) => {
      questions.push(question);
      return question.prompts.map(({ echo }) => (echo ? '123456' : 'secret'));
    },
  });
  expect(questions).toMatchObject([
    {
      user: 'tester',
      host: '127.0.0.1',
      name: 'Login',
      instructions: 'Read this',
      prompts: [{ prompt: 'Password: ', echo: false }],
    },
    { prompts: [{ prompt: 'Code: ', echo: true }] },
  ]);
});

test('keyboard-interactive: a kept password is sent once, a code is asked for every time', async () => {
  const forgotten: string[] = [];
  const remembered: string[] = [];
  const asked: string[] = [];
  const answers: Partial<RemotePrompts> = {
    forgetPassword: async ({ user }) => void forgotten.push(user),
    rememberPassword: async (_account, password) => void remembered.push(password),
    keyboardInteractive: async ({ prompts: wanted }) =>
      wanted.map(({ prompt, echo }) => {
        asked.push(prompt);
        return echo ? '123456' : 'secret';
      }),
  };
  await login(interactiveServer(['secret', '123456']), {
    ...answers,
    recallPassword: async () => 'secret',
  });
  expect(asked).toEqual(['Code: ']);
  connection?.dispose();
  await server?.stop();
  asked.length = 0;
  await login(interactiveServer(['secret', '123456']), { ...answers, recallPassword: async () => 'old' });
  expect(forgotten).toEqual(['tester']);
  expect(asked.filter((prompt) => prompt === 'Password: ')).toHaveLength(1);
  expect(remembered).toEqual(['secret']);
});

test('keyboard-interactive: a wrong code costs no kept password, and only the code is asked for again', async () => {
  const forgotten: string[] = [];
  const asked: [string, boolean][] = [];
  const codes = ['wrong', '123456'];
  await login(interactiveServer(['secret', '123456']), {
    recallPassword: async () => 'secret',
    forgetPassword: async ({ user }) => void forgotten.push(user),
    keyboardInteractive: async ({ prompts: wanted, rejected }) =>
      wanted.map(({ prompt }) => {
        asked.push([prompt, rejected]);
        return codes.shift() ?? '';
      }),
  });
  expect(asked).toEqual([
    ['Code: ', false],
    ['Code: ', true],
  ]);
  expect(forgotten).toEqual([]);
});

test('keyboard-interactive: a kept password that is right after all is neither forgotten nor offered to be kept', async () => {
  const told: string[] = [];
  const codes = ['wrong', 'wrong', '123456'];
  await login(interactiveServer(['secret', '123456']), {
    recallPassword: async () => 'secret',
    forgetPassword: async () => void told.push('forgotten'),
    rememberPassword: async () => void told.push('remembered'),
    keyboardInteractive: async ({ prompts: wanted }) =>
      wanted.map(({ echo }) => (echo ? (codes.shift() ?? '') : 'secret')),
  });
  expect(told).toEqual([]);
});

test('keyboard-interactive: a kept password that is refused alone is forgotten at once, and not sent again', async () => {
  const told: string[] = [];
  const sent: string[] = [];
  const authenticate = (context: AuthContext) => {
    if (context.method !== 'keyboard-interactive')
      return context.reject(['keyboard-interactive', 'password']);
    context.prompt([{ prompt: 'Password: ', echo: false }], ([password = '']) => {
      sent.push(password);
      if (password === 'secret') context.accept();
      else context.reject(['keyboard-interactive', 'password']);
    });
  };
  await login(
    { authenticate },
    {
      recallPassword: async () => (told.includes('forgotten') ? undefined : 'old'),
      forgetPassword: async () => void told.push('forgotten'),
      keyboardInteractive: async ({ rejected }) => {
        told.push(rejected ? 'asked again' : 'asked');
        return ['secret'];
      },
    },
  );
  expect(told).toEqual(['forgotten', 'asked again']);
  expect(sent).toEqual(['old', 'secret']);
});

/** Offers both ways to send a password, and tells what was sent in which. */
function bothWays(seen: string[], interactive: (context: KeyboardAuthContext) => void) {
  const both: AuthenticationType[] = ['password', 'keyboard-interactive'];
  return {
    authenticate: (context: AuthContext) => {
      if (context.method === 'keyboard-interactive') return interactive(context);
      if (context.method !== 'password') return context.reject(both);
      seen.push(`password ${context.password}`);
      if (context.password === 'right') context.accept();
      else context.reject(both);
    },
  };
}

test('where a server takes a password in both ways each is sent in one, and it is told that it was refused', async () => {
  const seen: string[] = [];
  const asked: boolean[] = [];
  const typed = ['wrong', 'right'];
  const server = bothWays(seen, (context) =>
    context.prompt([{ prompt: 'Password: ', echo: false }], ([password = '']) => {
      seen.push(`interactive ${password}`);
      if (password === 'right') context.accept();
      else context.reject(['password', 'keyboard-interactive']);
    }),
  );
  await login(server, {
    keyboardInteractive: async ({ rejected }) => {
      asked.push(rejected);
      return [typed.shift() ?? ''];
    },
  });
  expect(seen).toEqual(['interactive wrong', 'interactive right']);
  expect(asked).toEqual([false, true]);
});

test('a server that offers to ask, and then does not, is given the password', async () => {
  const seen: string[] = [];
  const server = bothWays(seen, (context) => {
    seen.push('interactive');
    context.reject(['password', 'keyboard-interactive']);
  });
  const typed = ['wrong', 'right'];
  await login(server, { password: async () => typed.shift() });
  expect(seen).toEqual(['interactive', 'password wrong', 'password right']);
});

test('ways to log in that the configuration rules out are not tried', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fastcgi-methods-'));
  writeFileSync(join(folder, 'config'), 'PasswordAuthentication no\nIdentityAgent none\nIdentityFile none\n');
  const seen: string[] = [];
  server = await startServer(passwordServer('right', seen));
  const target = { ...server.target, configFile: join(folder, 'config') };
  const refused = connect(target, { prompts: prompts({ ...once, password: async () => 'right' }) });
  await expect(refused).rejects.toMatchObject({ reason: 'authentication-failed' });
  expect(seen).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('a key on a security key is named with the way out, without its passphrase being asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fastcgi-sk-'));
  const file = join(folder, 'id_ed25519_sk');
  writeFileSync(file, securityKeyFile());
  const target = (port: number) => ({ host: '127.0.0.1', port, user: 'tester', identityFile: file });
  server = await startServer({ authenticate: (context) => context.reject(['publickey']) });
  const refused = connect(
    { ...target(server.port), agent: 'none', configFile: 'none', knownHostsFiles: [] },
    { prompts: prompts(once) },
  );
  await expect(refused).rejects.toMatchObject({
    reason: 'authentication-failed',
    message: expect.stringMatching(/security key \(FIDO\).*ssh-keygen -t ed25519/) as string,
  });
  rmSync(folder, { recursive: true });
});

/** The public half of a FIDO key in OpenSSH's format, the private half encrypted (PROTOCOL.key, PROTOCOL.u2f). */
function securityKeyFile(): string {
  const field = (content: string | Buffer) => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(content.length);
    return Buffer.concat([size, Buffer.from(content)]);
  };
  const key = Buffer.concat([field('sk-ssh-ed25519@openssh.com'), field(Buffer.alloc(32, 7)), field('ssh:')]);
  const parts = [field('aes256-ctr'), field('bcrypt'), field(Buffer.alloc(24)), Buffer.from([0, 0, 0, 1])];
  const bytes = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...parts,
    field(key),
    field(Buffer.alloc(64)),
  ]);
  const marker = (word: string) => `-----${word} OPENSSH PRIVATE KEY-----`;
  return `${marker('BEGIN')}\n${bytes.toString('base64')}\n${marker('END')}\n`;
}

test('keyboard-interactive: giving up ends the attempt without an answer', async () => {
  let answered = 0;
  const cancelled = login(
    {
      authenticate: (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        context.prompt([{ prompt: 'Password: ', echo: false }], () => answered++);
      },
    },
    { keyboardInteractive: async () => undefined },
  );
  await expect(cancelled).rejects.toMatchObject({ reason: 'cancelled' });
  expect(answered).toBe(0);
});

test('keyboard-interactive: that answers were refused is told once, before they are asked for again', async () => {
  const told: [string, boolean][] = [];
  let code = 'wrong';
  await login(interactiveServer(['secret', '123456']), {
    keyboardInteractive: async ({ prompts: wanted, rejected }) =>
      wanted.map(({ prompt, echo }) => {
        told.push([prompt, rejected]);
        if (!echo) return 'secret';
        const answer = code;
        code = '123456';
        return answer;
      }),
  });
  expect(told).toEqual([
    ['Password: ', false],
    ['Code: ', false],
    ['Password: ', true],
    ['Code: ', false],
  ]);
});

test('a server that does not wait for an answer any more is told of, and the question ends', async () => {
  let signal: AbortSignal | undefined;
  const late = login(interactiveServer(['secret', '123456']), {
    keyboardInteractive: (question) => {
      ({ signal } = question);
      server?.drop();
      return new Promise(() => undefined);
    },
  });
  await expect(late).rejects.toMatchObject({
    // Not one of those after which a connection is tried again unasked.
    reason: 'authentication-failed',
    message: expect.stringMatching(/before the question was answered.*answer sooner/) as string,
  });
  expect(signal?.aborted).toBe(true);
});

test('key, then password, where the server wants both', async () => {
  const seen: string[] = [];
  await login(
    {
      authenticate: (context) => {
        seen.push(context.method);
        if (context.method === 'keyboard-interactive') {
          return context.prompt([{ prompt: 'Code: ', echo: true }], ([code]) =>
            code === '1' ? context.accept() : context.reject(['keyboard-interactive']),
          );
        }
        if (context.method === 'password') return context.reject(['keyboard-interactive'], true);
        context.reject(['password']);
      },
    },
    { password: async () => 'right', keyboardInteractive: async () => ['1'] },
  );
  expect(seen).toEqual(['none', 'password', 'keyboard-interactive']);
});

test('the time limit stands still while a person is asked', async () => {
  const hostKey = async () => {
    await pause(700);
    return 'once' as const;
  };
  await login({}, { hostKey }, { handshakeTimeout: 400 });
});

test('a server that never lets in ends with a time limit', async () => {
  const stuck = login({ authenticate: () => undefined }, {}, { handshakeTimeout: 300 });
  await expect(stuck).rejects.toMatchObject({ reason: 'timeout' });
  await until(() => server?.connections() === 0);
});

test('stopping while connecting', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  const stopped = login({ authenticate: () => undefined }, {}, { signal: stop.signal });
  await expect(stopped).rejects.toMatchObject({ reason: 'cancelled' });
  await until(() => server?.connections() === 0);
});

test('a refused host key: the server learns nothing, not even a user name', async () => {
  const methods: string[] = [];
  const refused = login(
    { authenticate: (context) => (methods.push(context.method), context.accept()) },
    { hostKey: async () => 'refuse' },
  );
  await expect(refused).rejects.toMatchObject({ reason: 'host-key-unknown' });
  expect(methods).toEqual([]);
});

test('no host, no port', async () => {
  const nobody = { prompts: prompts(), handshakeTimeout: 2000 };
  await expect(
    connect({ host: '127.0.0.1', port: 1, configFile: 'none', agent: 'none' }, nobody),
  ).rejects.toMatchObject({
    reason: 'unreachable',
    message: expect.stringContaining('nothing answers on this port'),
  });
  await expect(
    connect({ host: 'nowhere.invalid', configFile: 'none', agent: 'none' }, nobody),
  ).rejects.toMatchObject({ reason: 'unreachable' });
  await expect(connect('-oProxyCommand=x', nobody)).rejects.toMatchObject({ reason: 'configuration' });
});

test('a server that a jump host does not reach ends with a time limit, or when it is stopped', async () => {
  server = await startServer({ holdTunnels: true });
  const behind = { ...server.target, host: 'inner.test', proxyJump: [server.target] };
  const through = (more: Partial<ConnectOptions>) => connect(behind, { prompts: prompts(once), ...more });
  await expect(through({ handshakeTimeout: 500 })).rejects.toMatchObject({
    reason: 'timeout',
    message: expect.stringMatching(/^inner\.test, port \d+ did not answer the jump host/) as string,
  });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 500);
  await expect(through({ signal: stop.signal })).rejects.toMatchObject({ reason: 'cancelled' });
  await until(() => server?.connections() === 0);
});

test('no exec: no shell, and exec says so', async () => {
  const { hasShell, exec } = bound(await login({}));
  expect(await hasShell()).toBe(false);
  await expect(exec('true')).rejects.toMatchObject({ reason: 'not-supported' });
});

test('a sentence instead of a shell is no shell', async () => {
  const { hasShell } = bound(
    await login({ exec: () => ({ stdout: 'This service allows sftp connections only.\n', code: 1 }) }),
  );
  expect(await hasShell()).toBe(false);
});

test('a lost connection ends every pending call, and every later one', async () => {
  const live = await login({ onWrite: () => 'freeze' });
  const sftp = await live.sftp();
  const folder = mkdtempSync(join(tmpdir(), 'fastcgi-unit-'));
  const handle = await sftp.open(join(folder, 'file'), 'new');
  const pending = [
    sftp.write(handle, Buffer.from('x'), 0, 'x'),
    sftp.write(handle, Buffer.from('y'), 1, 'y'),
  ];
  setTimeout(() => server?.drop(), 50);
  for (const result of await Promise.allSettled(pending))
    expect(result).toMatchObject({ status: 'rejected', reason: { reason: 'connection-lost' } });
  expect(await live.closed).toMatchObject({ reason: 'connection-lost' });
  await expect(sftp.stat('/')).rejects.toMatchObject({ name: 'RemoteError' });
  await expect(live.exec('true')).rejects.toMatchObject({ reason: 'connection-lost' });
  await expect(live.sftp()).rejects.toMatchObject({ reason: 'connection-lost' });
  expect(live.alive).toBe(false);
  rmSync(folder, { recursive: true });
});

test('a frozen server is noticed by keep-alive', async () => {
  const live = await login({}, {}, { keepaliveInterval: 50 });
  server?.freeze();
  await expect(live.closed).resolves.toMatchObject({ reason: 'connection-lost' });
});

function bound(live: RemoteConnection) {
  return { hasShell: () => live.hasShell(), exec: (command: string) => live.exec(command) };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function until(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !holds(); attempt++) await pause(10);
  expect(holds()).toBe(true);
}
