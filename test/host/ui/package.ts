import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from '../processes.mjs';
import { removeAbandonedFolders } from '../ui';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Vitest's global setup of the UI tests: packages the extension once, as it would be published. */
export default async function packageExtension(): Promise<void> {
  removeAbandonedFolders();
  mkdirSync(path.join(root, 'test-output'), { recursive: true });
  const args = ['run', 'package', '--', '--out', 'test-output/extension.vsix'];
  const { code, output } = await npm(args, { cwd: root, quiet: true, timeoutSeconds: 120 });
  if (code !== 0) throw new Error(`npm run package failed:\n${output}`);
}
