import { defineConfig } from 'vitest/config';
import { findPeersFirst } from './host/peers.mjs';

// `unit` and `unit-extension` need nothing but Node; `oracle` talks to real peers (Apache, mod_fcgid, sshd, interpreters);
// `ui` drives a VS Code from npm in Chromium, with the packaged extension.
const shared = { root: new URL('..', import.meta.url).pathname, pool: 'forks' as const };

// Left alone, vitest keeps a core for itself, which on two cores is half of the machine.
const unit = { testTimeout: 20_000, maxWorkers: '100%' };

findPeersFirst();

export default defineConfig({
  test: {
    projects: [
      {
        root: shared.root,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/oracle/**', 'test/host/**', 'test/sites/**', 'test/extension/**'],
          ...unit,
          // Files share what they import: loading it anew for each would take longer than the tests do.
          isolate: false,
        },
      },
      {
        root: shared.root,
        test: {
          name: 'unit-extension',
          include: ['test/extension/**/*.test.ts'],
          ...unit,
          // Each file has a stand-in for VS Code of its own.
          isolate: true,
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
          // Most of it waits for programs and clocks: all files together are less than four minutes of work for one core.
          maxWorkers: 5,
        },
      },
      {
        root: shared.root,
        test: {
          name: 'ui',
          include: ['test/host/ui/**/*.test.ts'],
          globalSetup: 'test/host/ui/package.ts',
          setupFiles: ['test/host/ui/failureScreenshots.ts'],
          testTimeout: 90_000,
          hookTimeout: 180_000,
          // As long as a workbench's own methods wait.
          expect: { poll: { timeout: 20_000 } },
          pool: 'forks',
          // Two windows at a time would take half the time, but on a slow machine each waits too long for the other.
          fileParallelism: false,
        },
      },
    ],
  },
});
