import { describe, expect, it } from 'vitest';
import type { Memento, SecretStorage } from 'vscode';
import { Passwords } from '../../src/extension/targets/passwords';

/** VS Code's two stores as maps; the secret one does not list its keys, as there. */
function stores() {
  const secrets = new Map<string, string>();
  const state = new Map<string, unknown>();
  const secretStorage = {
    get: (key: string) => Promise.resolve(secrets.get(key)),
    store: async (key: string, value: string) => void secrets.set(key, value),
    delete: async (key: string) => void secrets.delete(key),
  } as unknown as SecretStorage;
  const memento = {
    keys: () => [...state.keys()],
    get: (key: string, otherwise: unknown) => state.get(key) ?? otherwise,
    update: async (key: string, value: unknown) => void state.set(key, value),
  } as unknown as Memento;
  return { secrets, state, passwords: new Passwords(secretStorage, memento) };
}

const anna = { user: 'anna', host: 'example.test', port: 22 };

describe('Passwords', () => {
  it('recalls what was kept, for that account alone', async () => {
    const { passwords } = stores();
    await passwords.keep(anna, 'hunter2');
    expect(await passwords.recall(anna)).toBe('hunter2');
    for (const other of [
      { ...anna, user: 'bert' },
      { ...anna, port: 2222 },
      { ...anna, host: 'other.test' },
    ]) {
      expect(await passwords.recall(other)).toBeUndefined();
    }
  });

  it('puts the password into the secret store and nowhere else', async () => {
    const { passwords, secrets, state } = stores();
    await passwords.keep(anna, 'hunter2');
    expect([...secrets.values()]).toEqual(['hunter2']);
    expect(JSON.stringify([...state, ...secrets.keys()])).not.toContain('hunter2');
  });

  it('keeps the newest, and one entry for each account', async () => {
    const { passwords } = stores();
    await passwords.keep(anna, 'old');
    await passwords.keep(anna, 'new');
    expect(await passwords.recall(anna)).toBe('new');
    expect(passwords.owners).toEqual(['anna@example.test:22']);
  });

  it('forgets one, and leaves the others', async () => {
    const { passwords, secrets } = stores();
    const bert = { ...anna, user: 'bert' };
    await Promise.all([passwords.keep(anna, 'a'), passwords.keep(bert, 'b')]);
    await passwords.forget(anna);
    expect(await passwords.recall(anna)).toBeUndefined();
    expect(await passwords.recall(bert)).toBe('b');
    expect(passwords.owners).toEqual(['bert@example.test:22']);
    expect(secrets.size).toBe(1);
  });

  it('forgets all, and says how many', async () => {
    const { passwords, secrets } = stores();
    await passwords.keep(anna, 'a');
    await passwords.keep({ ...anna, port: 2222 }, 'b');
    expect(await passwords.forgetAll()).toBe(2);
    expect(secrets.size).toBe(0);
    expect(passwords.owners).toEqual([]);
    expect(await passwords.forgetAll()).toBe(0);
  });

  it('does not mind forgetting what it never knew', async () => {
    const { passwords } = stores();
    await passwords.forget(anna);
    expect(passwords.owners).toEqual([]);
  });

  it('holds what was typed in memory alone', async () => {
    const { passwords, secrets, state } = stores();
    passwords.hold(anna, 'hunter2');
    expect(await passwords.recall(anna)).toBe('hunter2');
    expect([secrets.size, state.size]).toEqual([0, 0]);
    expect(await passwords.forgetAll()).toBe(1);
    expect(await passwords.recall(anna)).toBeUndefined();
  });

  it('prefers what was typed last, and forgets it with what was kept', async () => {
    const { passwords } = stores();
    await passwords.keep(anna, 'old');
    passwords.hold(anna, 'typed');
    expect(await passwords.recall(anna)).toBe('typed');
    await passwords.forget(anna);
    expect(await passwords.recall(anna)).toBeUndefined();
    passwords.hold(anna, 'typed');
    await passwords.keep(anna, 'kept');
    expect(await passwords.recall(anna)).toBe('kept');
  });
});
