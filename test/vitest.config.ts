import { defineConfig } from 'vitest/config';

// Two projects: `unit` needs nothing but Node; `oracle` talks to real peers (Apache, mod_fcgid, sshd, interpreters).
const shared = { root: new URL('..', import.meta.url).pathname, pool: 'forks' as const };

export default defineConfig({
  test: {
    projects: [
      {
        root: shared.root,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/oracle/**', 'test/host/**', 'test/sites/**'],
          testTimeout: 20_000,
        },
      },
      {
        root: shared.root,
        test: {
          name: 'oracle',
          include: ['test/oracle/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          pool: 'forks',
          fileParallelism: false,
        },
      },
    ],
  },
});
